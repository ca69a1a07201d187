import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrialRecord } from '../../results/schema/schema.ts';

/**
 * Keeps the configuration that a trial's proxy ran with as a file of its own beside the records, one for each path, to be
 * read and tried. Does nothing where the record holds none.
 */
export function keepConfiguration(directory: string, record: TrialRecord): void {
  const configuration = record.status === 'completed' ? record.proxy?.configuration : record.proxyConfiguration;
  if (configuration === undefined || configuration === null) return;
  const folder = join(directory, 'nginx');
  mkdirSync(folder, { recursive: true });
  // A colon stands between proxy and mistake, and is no part of file names everywhere.
  const name = (record.path.route?.name ?? 'nginx').replaceAll(':', '-');
  writeFileSync(join(folder, `${name}.conf`), configuration);
}
