import { statSync } from 'node:fs';
import { extname } from 'node:path';
import { readBoundedText, UnreadableFile } from '../../text/bounded-file.ts';
import { type FormWords, readYaml } from '../../text/form-yaml.ts';
import { UsageError } from '../../text/usage-error.ts';
import { type OwnScenario, readForm } from './scenario-form.ts';
import { readModule } from './scenario-module.ts';

/** A scenario takes some hundred bytes; more only if it lists the instants of a trace. */
const mostBytes = 256 * 1024;
const words: FormWords = { noun: 'scenario', model: 'a scenario as pvw init-scenario writes it' };
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
  if (modules.includes(extension)) {
    refuseOddFile(file);
    return readModule(file);
  }
  return [readYaml(textOf(file), file, words, (content) => readForm(content, file))];
}

/** The loader would wait for a named pipe or a device. */
function refuseOddFile(file: string): void {
  let isFile: boolean;
  try {
    // The loader names what does not exist.
    isFile = statSync(file, { throwIfNoEntry: false })?.isFile() ?? true;
  } catch (error) {
    throw unreadable(file, (error as NodeJS.ErrnoException).code ?? String(error));
  }
  if (!isFile) throw unreadable(file, 'is no regular file');
}

function textOf(file: string): string {
  try {
    return readBoundedText(file, { mostBytes });
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw unreadable(file, error.message);
  }
}

function unreadable(file: string, why: string): UsageError {
  return new UsageError(`${file}: cannot be read (${why}); give a scenario file, or a name that pvw list shows`);
}
