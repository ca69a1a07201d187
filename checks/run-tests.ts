import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { createTally, type Tally } from './tally.ts';
import { type Need, needOf, type Tier, testFiles, tiers } from './test-files.ts';

/**
 * Runs the test files of one or more tiers: `run-tests.ts [--tier test|verify|all] [part of a path …]`.
 *
 * It hands over the explicit list of files and counts what came back, because on Node 20 `node --test DIRECTORY` under a
 * loader can run nothing and exit with 0. A file that ran no test fails the run; so does a skipped test where tools are
 * required.
 */
const root = resolve(import.meta.dirname, '..');
const fileTimeoutMs = 300_000;
const cores = Math.max(1, availableParallelism());
/** Trials wait most of their time; what compares times or kills at an instant runs alone. */
const filesAtOnce: Readonly<Record<Need, number>> = { cores, processes: 2 * cores, quiet: 1 };

/** A loop that ends early must not look like success. */
process.exitCode = 1;

const { wanted, parts } = readArguments(process.argv.slice(2));
const files = wanted
  .flatMap((tier) => testFiles(root, tier))
  .filter((path) => parts.length === 0 || parts.some((part) => path.includes(part)));

const tally = createTally(files.map((path) => resolve(root, path)));
for (const [need, atOnce] of Object.entries(filesAtOnce) as [Need, number][]) {
  const group = files.filter((path) => needOf(path) === need).map((path) => resolve(root, path));
  if (group.length > 0) await runFiles(group, atOnce, tally);
}
conclude(tally);

async function runFiles(group: string[], concurrency: number, { count }: Tally): Promise<void> {
  const events = run({ files: group, concurrency, timeout: fileTimeoutMs });
  events.on('test:pass', count).on('test:fail', count);
  const report = events.compose(new spec());
  report.pipe(process.stdout, { end: false });
  await new Promise((ended, failed) => report.on('end', ended).on('error', failed));
}

function conclude({ counts }: Tally): void {
  const { passed, failed, skipped, filesWithoutTests } = counts();
  const toolsRequired = Boolean(process.env.CI || process.env.PVW_REQUIRE_TOOLS);
  const complaints = [
    ...(files.length === 0 ? ['no test file was found'] : []),
    ...filesWithoutTests.map((path) => `no test ran in ${path}`),
    ...(toolsRequired ? skipped.map((name) => `skipped, which is a failure here: ${name}`) : []),
  ];
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
