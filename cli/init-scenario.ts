import { lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { exampleScenario } from '../scenarios/file/scenario-example.ts';
import { plainText } from '../text/plain-text.ts';
import { notAllowed } from '../text/usage-error.ts';
import { type End, exitCodes } from './screen/exit-codes.ts';
import { print } from './screen/output.ts';

/** `pvw init-scenario`: writes a commented scenario file to begin with. */
export function addInitScenario(program: Command, end: End): void {
  program
    .command('init-scenario')
    .summary('write a commented scenario file to begin with')
    .description('Writes a commented scenario that runs as it is. A file that exists is never overwritten.')
    .argument('<file>', 'new file that ends in .yaml or .yml')
    .action((file: string) => {
      writeExample(file);
      print(`${file} is written; change it, then: pvw run ${runnable(file)}\n`);
      end(exitCodes.done);
    });
}

const allowed = 'a new file that ends in .yaml or .yml, in a directory that can be written';

function writeExample(file: string): void {
  // The file's comments contain the name, and a line break in it would end them.
  if (!/[^/\\]\.ya?ml$/.test(file) || plainText(file) !== file) throw notAllowed('file', file, allowed);
  // A dangling symbolic link counts as existing.
  if (lstatSync(file, { throwIfNoEntry: false })) throw notAllowed('file', file, allowed, 'exists');
  const unfinished = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(unfinished, exampleScenario(file), { flag: 'wx' });
    // The file appears whole or not at all, even if the disk is full.
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw notAllowed('file', file, allowed, `cannot be written (${code})`);
  }
}

/** The file name, quoted for a shell if it has special characters. */
function runnable(file: string): string {
  return /^[\w./\\-]+$/.test(file) ? file : `'${file.replaceAll("'", `'\\''`)}'`;
}
