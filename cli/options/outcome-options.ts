import { type Transport, transports } from '../../protocol/transport.ts';
import { alternatives } from '../../text/choices.ts';
import { UsageError } from '../../text/usage-error.ts';
import type { OptionsOf } from './declaration.ts';
import { checkExportFiles } from './export-files.ts';
import { checkTarget } from './figure-condition.ts';
import { oneOf } from './options.ts';
import type { RunDeclarations } from './run-declaration.ts';
import { thresholdOf } from './threshold.ts';

/** Options for what is done with a result besides showing it. `run` and `report` share them. */
export const outcomeOptions = {
  /** Reference transport of the verdicts. */
  reference: {
    takes: '<transport>',
    parse: (flag) => oneOf(flag, transports),
    help: 'what verdicts compare the others with',
    default: 'short-polling, or the first that was measured',
    kind: 'outcome',
  },
  threshold: {
    takes: '<condition>',
    parse: thresholdOf,
    repeatable: true,
    help: "exit code 3 unless it holds, such as 'websocket.latency.p99<250ms' (repeatable; quote it for the shell)",
    kind: 'outcome',
  },
  exportCsv: {
    takes: '<file>',
    help: 'write every figure of every trial as CSV, unrounded, one row each; replaces the file',
    kind: 'outcome',
  },
  exportMarkdown: {
    takes: '<file>',
    help: 'write tables, verdicts and warnings as GitHub Markdown; replaces the file',
    kind: 'outcome',
  },
} as const satisfies RunDeclarations;

export type OutcomeOptions = OptionsOf<typeof outcomeOptions>;

/** `--reference` in the form that renderers take. Without the option they choose their default. */
export function chosenReference({ reference }: OutcomeOptions): { readonly reference?: Transport } {
  return reference === undefined ? {} : { reference };
}

type Planned = {
  readonly transports: readonly Transport[];
  readonly scenarios: readonly { readonly scenario: { readonly name: string } }[];
};

/** Refuses a reference, a threshold or an export that could only fail at the end of a run. Throws `UsageError`. */
export function checkOutcome(options: OutcomeOptions, { transports: measured, scenarios }: Planned): void {
  const known = { transports: measured, scenarios: [...new Set(scenarios.map(({ scenario }) => scenario.name))] };
  checkReference(options.reference, measured);
  for (const threshold of options.threshold ?? []) checkTarget('--threshold', threshold, known, 'this run');
  checkExportFiles(options);
}

function checkReference(reference: Transport | undefined, measured: readonly Transport[]): void {
  if (reference === undefined || measured.includes(reference)) return;
  throw new UsageError(`--reference: "${reference}" is not in this run; give ${alternatives(measured)}`);
}
