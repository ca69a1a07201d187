import type { Command } from 'commander';
import type { Limit, LimitResult } from '../analysis/comparison/regression.ts';
import type { RunPair } from '../analysis/comparison/run-comparison.ts';
import { schemaVersion } from '../results/schema/schema.ts';
import { plainText } from '../text/plain-text.ts';
import { UsageError } from '../text/usage-error.ts';
import { resultsDirectory } from './files/directories.ts';
import { type Declarations, declareOptions, type OptionsOf } from './options/declaration.ts';
import { failOnHelp, isFailure, limitOf, resultText } from './options/fail-on.ts';
import { checkTarget } from './options/figure-condition.ts';
import { colorsFor } from './screen/colors.ts';
import { type End, type ExitCode, exitCodes } from './screen/exit-codes.ts';
import { print } from './screen/output.ts';

const compareOptions = {
  force: { help: 'also compare scenarios whose parameters differ' },
  json: { help: 'print the comparison as JSON' },
  failOn: {
    takes: '<condition>',
    parse: limitOf,
    repeatable: true,
    help: "exit code 3 when B is worse by more, such as 'websocket.cpu.serving.update>10%' (repeatable)",
  },
} as const satisfies Declarations;

type CompareOptions = OptionsOf<typeof compareOptions>;

/** Width of a table in characters if the output is a file or a pipe. */
const usualColumns = 120;

const afterHelp = `
A scenario whose parameters or round-trip time differ is refused; --force compares it nevertheless. Repeats of two runs
are no pairs, so intervals are wider than within one run (Welch's t on logarithms).

${failOnHelp}

  pvw compare results/before results/after
  pvw compare before after --fail-on 'websocket.cpu.serving.update>10%' --fail-on 'chat-room/sse.bytes.total>1%'`;

/** `pvw compare`: shows two runs side by side, B against A, after the differences that make them hard to compare. */
export function addCompare(program: Command, end: End): void {
  const where = `directory of a run, or its name in ${resultsDirectory}/`;
  const command = program
    .command('compare')
    .summary('two runs side by side')
    .description('Compares two runs: what differs between them, then their figures, B against A.')
    .argument('<a>', `${where}: what is compared with`)
    .argument('<b>', `${where}: what is judged`)
    .addHelpText('after', afterHelp)
    .action(async (a: string, b: string, options: CompareOptions) => end(await compare(a, b, options)));
  declareOptions(command, compareOptions);
}

async function compare(askedA: string, askedB: string, options: CompareOptions): Promise<ExitCode> {
  const { findRun } = await import('./files/directories.ts');
  const { compareRuns, pairRuns } = await import('../analysis/comparison/run-comparison.ts');
  const { judgeLimits } = await import('../analysis/comparison/regression.ts');
  const { renderComparison } = await import('../report/terminal/compare-terminal.ts');
  const [a, b] = [findRun('a', askedA), findRun('b', askedB)];
  for (const { run, directory } of [a, b]) {
    if (!run.record.plan.capacity) continue;
    throw new UsageError(`compare: ${directory} is a search of pvw capacity; give runs of pvw run or pvw sweep`);
  }
  const pair = pairRuns(a.run, b.run);
  const limits = options.failOn ?? [];
  refuseUnrelated(pair, limits);
  const names = { a: a.directory, b: b.directory };
  const comparison = compareRuns(pair, { force: options.force === true });
  const results = judgeLimits(limits, pair, comparison);
  const paper = { names, width: process.stdout.columns ?? usualColumns, colors: colorsFor(process.stdout) };
  const text = options.json
    ? `${JSON.stringify({ schemaVersion, ...names, ...comparison, limits: results }, null, 2)}\n`
    : renderComparison(comparison, paper);
  print(text);
  if (comparison.scenarios.every(({ status }) => status === 'refused')) {
    throw new UsageError(
      'compare: no scenario has the same parameters in both runs; --force compares them nevertheless',
    );
  }
  return conclude(results);
}

/** Refuses runs without a common scenario or transport, and limits on a scenario or transport that is not in both. */
function refuseUnrelated({ scenarios, transports }: RunPair, limits: readonly Limit[]): void {
  const known = { scenarios: [...new Set(scenarios.map(({ a }) => a.planned.scenario.name))], transports };
  if (scenarios.length === 0)
    throw new UsageError('compare: the runs have no scenario in common; give runs of the same');
  if (transports.length === 0)
    throw new UsageError('compare: the runs have no transport in common; give runs of the same');
  for (const limit of limits) checkTarget('--fail-on', limit, known, 'both runs');
}

function conclude(results: readonly LimitResult[]): ExitCode {
  for (const result of results) {
    const text = resultText(result);
    if (text !== undefined) process.stderr.write(`pvw: --fail-on: ${plainText(text)}\n`);
  }
  return results.some(isFailure) ? exitCodes.threshold : exitCodes.done;
}
