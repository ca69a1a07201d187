import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { projectRoot } from '../../machine/host/project-root.ts';
import { createDurations, type TimedTest } from './durations.ts';
import { loadingTest } from './load-tests.ts';
import { dealOut, writePrograms } from './shared-processes.ts';
import { createTally, type EndedTest } from './tally.ts';
import { helpText, readTestArguments } from './test-arguments.ts';
import { longestFirst, type Need, needOf, testFiles } from './test-files.ts';
import { watchTests } from './watch-tests.ts';

/**
 * Runs the test files of one or more tiers; `--help` prints the options.
 *
 * It passes an explicit list of files and counts the results, because on Node 20 `node --test DIRECTORY` under a loader
 * can run nothing and exit with 0. A file that ran no test fails the run. So does a skipped test if tools are required.
 */
/** Of a file. On a slow machine the longest, of a peer that turns hostile, takes ten minutes. */
const timeoutMs = 1_200_000;
const cores = Math.max(1, availableParallelism());
/**
 * Processes at once. Trials and contract tests mostly wait, so there are more than cores. Tests that compare times or
 * kill a process at a given instant run alone.
 */
const atOnce: Readonly<Record<Need, number>> = { cores: cores + 1, processes: 2 * cores, quiet: 1 };
const namedFiles = 12;

// Trials of several test files run side by side.
process.env.PVW_SHARE_MACHINE = '1';

/** If the event loop ends early, the run must not count as passed. */
process.exitCode = 1;

const { wanted, parts, name, watch, counts: countsFile, help } = readTestArguments(process.argv.slice(2));
const files = chosenFiles();
const tally = createTally(files.map((path) => resolve(projectRoot, path)));
const durations = createDurations();

if (help) {
  console.log(helpText);
  process.exitCode = 0;
} else if (watch) {
  const named = name === undefined ? [] : ['--name', name];
  watchTests(projectRoot, chosenFiles, ['--tier', wanted.join(','), ...named]);
} else {
  await runAll();
  conclude();
}

function chosenFiles(): readonly string[] {
  return wanted
    .flatMap((tier) => testFiles(projectRoot, tier))
    .filter((path) => parts.length === 0 || parts.some((part) => path.includes(part)));
}

async function runAll(): Promise<void> {
  for (const [need, processes] of Object.entries(atOnce) as [Need, number][]) {
    const group = longestFirst(files.filter((path) => needOf(path) === need)).map((path) => resolve(projectRoot, path));
    if (group.length === 0) continue;
    if (need === 'cores') await runShared(group, processes);
    else await runFiles(group, processes);
  }
}

/** Runs several files in each process, because to start one and load its imports takes longer than most tests. */
async function runShared(group: readonly string[], processes: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'pvw-tests-'));
  try {
    await runFiles(writePrograms(dealOut(group, processes), directory), processes);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function runFiles(group: readonly string[], concurrency: number): Promise<void> {
  // The placeholder test must match too, or the first test would not wait until all files are loaded.
  const only = name === undefined ? {} : { testNamePatterns: [new RegExp(name), new RegExp(`^${loadingTest}$`)] };
  const events = run({ files: [...group], concurrency, timeout: timeoutMs, ...only });
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
    // With a name filter, a file may have no matching test.
    ...(name === undefined ? filesWithoutTests.map((path) => `no test ran in ${path}`) : []),
    ...(name !== undefined && passed + failed === 0 ? [`no test that ran has a name like ${name}`] : []),
    ...(toolsRequired ? skipped.map((name) => `skipped, which is a failure here: ${name}`) : []),
  ];
  const times = durations.longest(namedFiles);
  console.log('\nseconds in the tests of');
  for (const { file, seconds } of times)
    console.log(`${seconds.toFixed(1).padStart(7)} ${relative(projectRoot, file)}`);
  if (!toolsRequired) for (const name of skipped) console.log(`skipped: ${name}`);
  for (const complaint of complaints) console.error(complaint);
  if (countsFile) writeFileSync(countsFile, JSON.stringify({ passed, failed, skipped: skipped.length }));
  console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  process.exitCode = failed === 0 && complaints.length === 0 ? 0 : 1;
}
