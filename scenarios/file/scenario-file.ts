import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { UsageError } from '../../text/usage-error.ts';
import { type OwnScenario, readForm } from './scenario-form.ts';
import { readModule } from './scenario-module.ts';
import { readYaml } from './scenario-yaml.ts';

const largestBytes = 1024 * 1024;
const data = ['.yaml', '.yml', '.json'];
const modules = ['.ts', '.js', '.mjs'];

/**
 * Reads the scenarios of one file. Throws a `UsageError` whose one line names the file and, for data, line and column.
 */
export async function readScenarioFile(file: string): Promise<readonly OwnScenario[]> {
  const extension = extname(file).toLowerCase();
  if (![...data, ...modules].includes(extension)) {
    throw new UsageError(`${file}: is no scenario file; give one that ends in ${[...data, ...modules].join(', ')}`);
  }
  refuseUnreadable(file);
  if (modules.includes(extension)) return readModule(file);
  return [readYaml(textOf(file), file, (content) => readForm(content, file))];
}

/** Checked before reading: a device or a pipe may have no end. */
function refuseUnreadable(file: string): void {
  const status = attempt(file, () => statSync(file));
  if (!status.isFile()) throw new UsageError(`${file}: is no regular file; give a scenario file`);
  if (status.size > largestBytes) {
    throw new UsageError(`${file}: has ${status.size} bytes; give a scenario file of at most 1 MiB`);
  }
}

function textOf(file: string): string {
  const bytes = attempt(file, () => readFileSync(file));
  if (!isUtf8(bytes)) throw new UsageError(`${file}: is no text in UTF-8; give a scenario file`);
  return bytes.toString('utf8');
}

function attempt<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UsageError(`${file}: cannot be read (${code}); give a scenario file, or a name that pvw list shows`);
  }
}
