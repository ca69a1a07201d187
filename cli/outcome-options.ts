import type { Threshold } from '../analysis/threshold.ts';
import { type Transport, transports } from '../protocol/transport.ts';
import type { Declaration } from './declaration.ts';
import { checkExportFiles, type ExportOptions } from './export-files.ts';
import { checkTarget } from './figure-condition.ts';
import { alternatives, oneOf } from './options.ts';
import { thresholdOf } from './threshold.ts';
import { UsageError } from './usage-error.ts';

/** What is done with a result beside showing it; `run` and `report` share these. */
export type OutcomeOptions = ExportOptions & {
  readonly threshold?: readonly Threshold[];
  /** What the verdicts compare the others with. */
  readonly reference?: Transport;
};

export const outcomeOptions: readonly Declaration[] = [
  {
    flags: '--reference <transport>',
    parse: (option) => oneOf(option, transports),
    help: 'what verdicts compare the others with (default: short-polling, or the first that was measured)',
  },
  {
    flags: '--threshold <condition>',
    parse: thresholdOf,
    repeatable: true,
    help: "exit code 3 unless it holds, such as 'websocket.latency.p99<250ms' (repeatable; quote it for the shell)",
  },
  {
    flags: '--export-csv <file>',
    help: 'write every figure of every trial as CSV, unrounded, one row each; replaces the file',
  },
  {
    flags: '--export-markdown <file>',
    help: 'write tables, verdicts and warnings as GitHub Markdown; replaces the file',
  },
];

/** For those who render: without the option they choose for themselves. */
export function chosenReference({ reference }: OutcomeOptions): { readonly reference?: Transport } {
  return reference === undefined ? {} : { reference };
}

type Planned = {
  readonly transports: readonly Transport[];
  readonly scenarios: readonly { readonly scenario: { readonly name: string } }[];
};

/** Refuses, before anything starts, what could not be judged or written at the end. Throws `UsageError`. */
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
