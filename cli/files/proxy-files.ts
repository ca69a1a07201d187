import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrialRecord } from '../../results/schema/schema.ts';

/**
 * Writes the configuration of a trial's proxy to `nginx/` beside the records, one file for each path, so that users can
 * read it and try it. Does nothing if the record has no configuration.
 */
export function keepConfiguration(directory: string, record: TrialRecord): void {
  const configuration = record.status === 'completed' ? record.proxy?.configuration : record.proxyConfiguration;
  if (configuration === undefined || configuration === null) return;
  const folder = join(directory, 'nginx');
  mkdirSync(folder, { recursive: true });
  // A colon separates proxy and mistake, and some systems do not allow it in file names.
  const name = (record.path.route?.name ?? 'nginx').replaceAll(':', '-');
  writeFileSync(join(folder, `${name}.conf`), configuration);
}
