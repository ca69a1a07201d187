import type { Command } from 'commander';
import type { Finding, Level } from './doctor/finding.ts';
import { colorsFor } from './screen/colors.ts';
import { type End, exitCodes } from './screen/exit-codes.ts';
import { print } from './screen/output.ts';

type DoctorOptions = { readonly json?: true; readonly clean?: true; readonly capacity?: true };

/** `pvw doctor`: checks whether this machine can measure, and advises what to change. */
export function addDoctor(program: Command, end: End): void {
  program
    .command('doctor')
    .summary('check this machine')
    .description('Checks what runs and tests need on this machine. Exit code 1 when something fails, 0 otherwise.')
    .option('--clean', 'first remove what killed runs have left')
    .option(
      '--capacity',
      'measure for some 40 s how many deliveries a second this machine carries, and what limits first',
    )
    .option('--json', 'print it as JSON')
    .action(async ({ json, clean, capacity }: DoctorOptions) => {
      const { findings, leftoversText } = await import('./doctor/doctor-checks.ts');
      if (clean) {
        const { sweepLeftovers } = await import('../bench/local/leftovers.ts');
        const swept = leftoversText(sweepLeftovers());
        // To stderr, since stdout may carry JSON.
        process.stderr.write(swept === '' ? 'nothing was left over\n' : `removed ${swept}\n`);
      }
      if (capacity) {
        const { measureCapacity } = await import('./doctor/doctor-capacity.ts');
        end(await measureCapacity({ json: json === true }));
        return;
      }
      const found = await findings();
      print(json ? `${JSON.stringify(found, null, 2)}\n` : found.map(lineOf).join(''));
      end(found.some(({ level }) => level === 'fail') ? exitCodes.internal : exitCodes.done);
    });
}

function lineOf({ level, what, advice }: Finding): string {
  const { green, yellow, red } = colorsFor(process.stdout);
  const paint: Readonly<Record<Level, (text: string) => string>> = { ok: green, warn: yellow, fail: red };
  return `${paint[level](level.padEnd(4))}  ${what}${advice === undefined ? '' : `; ${advice}`}\n`;
}
