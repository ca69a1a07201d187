import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { createDurations, type TimedTest } from './durations.ts';
import { loadingTest } from './load-tests.ts';
import { dealOut, writePrograms } from './shared-processes.ts';
import { createTally, type EndedTest } from './tally.ts';
import { longestFirst, type Need, needOf, type Tier, testFiles, tiers } from './test-files.ts';

/**
 * Runs the test files of one or more tiers: `run-tests.ts [--tier test|verify|all] [part of a path …]`.
 *
 * It hands over the explicit list of files and counts what came back, because on Node 20 `node --test DIRECTORY` under a
 * loader can run nothing and exit with 0. A file that ran no test fails the run; so does a skipped test where tools are
 * required.
 */
const root = resolve(import.meta.dirname, '..');
const timeoutMs = 300_000;
const cores = Math.max(1, availableParallelism());
/** Trials and contract tests wait most of their time; what compares times or kills at an instant runs alone. */
const atOnce: Readonly<Record<Need, number>> = { cores: 2 * cores, processes: 2 * cores, quiet: 1 };
const namedFiles = 12;

/** A loop that ends early must not look like success. */
process.exitCode = 1;

const { wanted, parts } = readArguments(process.argv.slice(2));
const files = wanted
  .flatMap((tier) => testFiles(root, tier))
  .filter((path) => parts.length === 0 || parts.some((part) => path.includes(part)));

const tally = createTally(files.map((path) => resolve(root, path)));
const durations = createDurations();
for (const [need, processes] of Object.entries(atOnce) as [Need, number][]) {
  const group = longestFirst(files.filter((path) => needOf(path) === need)).map((path) => resolve(root, path));
  if (group.length === 0) continue;
  if (need === 'cores') await runShared(group, processes);
  else await runFiles(group, processes);
}
conclude();

/** Several files to a process: to start one and load what they import takes longer than most of them. */
async function runShared(group: readonly string[], processes: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'pvw-tests-'));
  try {
    await runFiles(writePrograms(dealOut(group, processes), directory), processes);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function runFiles(group: readonly string[], concurrency: number): Promise<void> {
  const events = run({ files: [...group], concurrency, timeout: timeoutMs });
  const ended = (test: EndedTest & TimedTest) => {
    if (test.name === loadingTest && test.details.error === undefined) return;
    tally.count(test);
    durations.add(test);
  };
  for (const event of ['test:pass', 'test:fail'] as const) events.on(event, ended);
  const report = events.compose(new spec());
  report.pipe(process.stdout, { end: false });
  await new Promise((over, failed) => report.on('end', over).on('error', failed));
}

function conclude(): void {
  const { passed, failed, skipped, filesWithoutTests } = tally.counts();
  const toolsRequired = Boolean(process.env.CI || process.env.PVW_REQUIRE_TOOLS);
  const complaints = [
    ...(files.length === 0 ? ['no test file was found'] : []),
    ...filesWithoutTests.map((path) => `no test ran in ${path}`),
    ...(toolsRequired ? skipped.map((name) => `skipped, which is a failure here: ${name}`) : []),
  ];
  const times = durations.longest(namedFiles);
  console.log('\nseconds in the tests of');
  for (const { file, seconds } of times) console.log(`${seconds.toFixed(1).padStart(7)} ${relative(root, file)}`);
  for (const complaint of complaints) console.error(complaint);
  console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  process.exitCode = failed === 0 && complaints.length === 0 ? 0 : 1;
}

function readArguments(args: readonly string[]): {
  readonly wanted: readonly Tier[];
  readonly parts: readonly string[];
} {
  if (args[0] !== '--tier') return { wanted: ['test'], parts: args };
  const [, name, ...parts] = args;
  if (name === 'all') return { wanted: tiers, parts };
  const tier = tiers.find((known) => known === name);
  if (!tier) throw new Error(`--tier: ${JSON.stringify(name)} is unknown; give ${tiers.join(', ')} or all`);
  return { wanted: [tier], parts };
}
