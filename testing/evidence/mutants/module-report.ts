import { readFileSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import type { Import } from '../../checks/imports.ts';
import { type Equivalent, equivalentFor } from './equivalents.ts';
import { type Outcome, type Place, runTests } from './mutant-process.ts';
import { type Change, changeOf, type Mutation, mutated } from './mutation.ts';
import { mutationsOf } from './mutations.ts';
import { ownTests } from './own-tests.ts';
import type { Module } from './rooms.ts';
import { sampleOf } from './sample.ts';

/** What all modules share. */
export type Session = {
  readonly place: Place;
  /** All fast test files of the project, and every import of a file by another. */
  readonly tests: readonly string[];
  readonly imports: readonly Import[];
  readonly equivalents: readonly Equivalent[];
  readonly seed: string;
  readonly atOnce: number;
};

export type ModuleReport = Module & {
  /** Number of possible mutations, of which a sample was tried. */
  readonly possible: number;
  readonly mutants: number;
  readonly killed: number;
  /** Killed because the tests did not end in time. Many timeouts are a sign of a machine that is too busy. */
  readonly timedOut: number;
  readonly survivors: readonly Change[];
  /** Entries of the table for all possible mutations. `equivalents` counts only those of the sample. */
  readonly known: readonly Equivalent[];
  readonly equivalents: number;
  /** Why nothing could be killed; undefined if the tests ran. */
  readonly fault: string | undefined;
  readonly tests: readonly string[];
};

/** The share of killed mutants among those that are not equivalent; 1 if there are none. */
export function killedShare({ mutants, killed, equivalents }: ModuleReport): number {
  return mutants === equivalents ? 1 : killed / (mutants - equivalents);
}

/** Time limit of a mutant: `factor` times as long as the original module takes, plus `ms`. */
const slack = { factor: 5, ms: 10_000 } as const;
const baselineTimeoutMs = 300_000;

/** Tries a sample of `count` mutations of a module, or all if there are fewer. */
export async function tryModule(session: Session, module: Module, count: number): Promise<ModuleReport> {
  const { place, seed } = session;
  const { path } = module;
  const { source, possible } = possibleIn(place.root, path, session.imports);
  const sample = sampleOf(possible, source, { seed, count });
  const known = (mutation: Mutation) => equivalentFor(basename(path), changeOf(source, mutation), session.equivalents);
  const tried = sample.filter((mutation) => known(mutation) === undefined);
  const tests = ownTests(path, session.tests, session.imports);
  const attempt = { module: path, source, tests, timeoutMs: baselineTimeoutMs };
  const baseline = tests.length === 0 ? undefined : await runTests(place, attempt);
  const fault = faultOf(baseline);
  const timeoutMs = slack.ms + (baseline?.end === 'passed' ? slack.factor * baseline.tookMs : 0);
  const outcomes = await inParallel(tried, fault === undefined ? session.atOnce : 0, (mutation) =>
    runTests(place, { ...attempt, source: mutated(source, mutation), timeoutMs }),
  );
  const counted = tried.filter((_, i) => outcomes[i]?.end !== 'no-code');
  const alive = tried.filter((_, i) => fault !== undefined || outcomes[i]?.end === 'passed');
  return {
    ...module,
    possible: possible.length,
    mutants: counted.length + sample.length - tried.length,
    killed: counted.length - alive.length,
    timedOut: outcomes.filter((outcome) => outcome?.end === 'timeout').length,
    survivors: alive.map((mutation) => changeOf(source, mutation)),
    known: possible.flatMap((mutation) => known(mutation) ?? []),
    equivalents: sample.length - tried.length,
    fault,
    tests,
  };
}

/** The text of a module below `root` and all its mutations; none if it contains only types. */
export function possibleIn(
  root: string,
  path: string,
  imports: readonly Import[],
): { readonly source: string; readonly possible: readonly Mutation[] } {
  const source = readFileSync(join(root, path), 'utf8');
  return { source, possible: mutationsOf(path, source, neighboursOf(root, path, imports)) };
}

/** Texts of the files that a module imports, where the fields that it reads may be declared. */
function neighboursOf(root: string, path: string, imports: readonly Import[]): readonly string[] {
  const targets = imports.filter(({ from, to }) => from === path && to.endsWith('.ts')).map(({ to }) => to);
  return [...new Set(targets)].map((target) => readFileSync(join(root, posix.normalize(target)), 'utf8'));
}

function faultOf(baseline: Outcome | undefined): string | undefined {
  if (baseline === undefined) return 'no fast test beside it or of its folder imports it';
  if (baseline.end !== 'passed') return `its tests do not pass as it is (${baseline.end})`;
  if (baseline.tests === 0) return 'no test ran';
  return baseline.loaded ? undefined : 'its tests do not load it';
}

/** Works on `atOnce` items at a time. With 0 it does nothing, and all results are undefined. */
async function inParallel<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<readonly (R | undefined)[]> {
  const results = new Array<R | undefined>(items.length).fill(undefined);
  const queue = items.entries();
  const worker = async () => {
    for (const [i, item] of queue) results[i] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
