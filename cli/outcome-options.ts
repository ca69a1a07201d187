import type { Threshold } from '../analysis/threshold.ts';
import type { Transport } from '../protocol/transport.ts';
import type { Declaration } from './declaration.ts';
import { checkExportFiles, type ExportOptions } from './export-files.ts';
import { checkTarget } from './figure-condition.ts';
import { thresholdOf } from './threshold.ts';

/** What is done with a result beside showing it; `run` and `report` share these. */
export type OutcomeOptions = ExportOptions & { readonly threshold?: readonly Threshold[] };

export const outcomeOptions: readonly Declaration[] = [
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

type Planned = {
  readonly transports: readonly Transport[];
  readonly scenarios: readonly { readonly scenario: { readonly name: string } }[];
};

/** Refuses, before anything starts, what could not be judged or written at the end. Throws `UsageError`. */
export function checkOutcome(options: OutcomeOptions, { transports, scenarios }: Planned): void {
  const known = { transports, scenarios: scenarios.map(({ scenario }) => scenario.name) };
  for (const threshold of options.threshold ?? []) checkTarget('--threshold', threshold, known, 'this run');
  checkExportFiles(options);
}
