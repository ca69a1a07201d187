import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Finding } from './evidence.ts';
import type { Session } from './mutants/module-report.ts';
import { runTests } from './mutants/mutant-process.ts';
import { ownTests } from './mutants/own-tests.ts';
import type { Module } from './mutants/rooms.ts';

/** A formula that is made wrong on purpose: `right` occurs once in the module and is replaced by `wrong`. */
export type WrongFormula = {
  readonly name: string;
  /** Base name of the module, so that moving the module keeps the entry. */
  readonly file: string;
  readonly right: string;
  readonly wrong: string;
};

/** All six were once wrong at the same time, and every fast test passed. */
export const wrongFormulas: readonly WrongFormula[] = [
  {
    name: 'the stale fraction is halved',
    file: 'trial-record.ts',
    right: '/ (durationMs * 1000 * scenario.clients)',
    wrong: '/ (durationMs * 2000 * scenario.clients)',
  },
  {
    name: 'framing is all bytes',
    file: 'byte-record.ts',
    right: "framingBytes: readBytes - tallied('updateBytes')",
    wrong: 'framingBytes: readBytes',
  },
  {
    name: 'bytes up of the set-up are those down',
    file: 'byte-record.ts',
    right: "setUpUpBytes: sumSockets(connected, 'writtenBytes')",
    wrong: "setUpUpBytes: sumSockets(connected, 'readBytes')",
  },
  {
    name: 'CPU is doubled',
    file: 'process-record.ts',
    right: 'cpuWindowMs: (at(end).cpuUs - at(start).cpuUs) / 1000',
    wrong: 'cpuWindowMs: (at(end).cpuUs - at(start).cpuUs) / 500',
  },
  {
    name: 'RSS is that of another instant',
    file: 'process-record.ts',
    right: ' rssBytes: at(drained).rssBytes',
    wrong: ' rssBytes: at(end).rssBytes',
  },
  {
    name: 'the mean of the timeline is not divided',
    file: 'timeline-record.ts',
    right: ', 0) / count / 1000',
    wrong: ', 0) / 1000',
  },
];

/** The module's text with the wrong formula. Throws if the right one does not occur exactly once. */
export function withWrong(source: string, { file, right, wrong }: WrongFormula): string {
  const [before, after, ...more] = source.split(right);
  if (after === undefined || more.length > 0) throw new Error(`${file} does not have once: ${right}`);
  return `${before}${wrong}${after}`;
}

/** Tries each formula that one of the modules has. Without any, there is no finding. */
export async function formulaFindings(session: Session, modules: readonly Module[]): Promise<readonly Finding[]> {
  const tried = [];
  for (const formula of wrongFormulas) {
    const module = modules.find(({ path }) => basename(path) === formula.file);
    if (module) tried.push({ name: formula.name, isCaught: await isCaught(session, module.path, formula) });
  }
  const missed = tried.filter(({ isCaught }) => !isCaught).map(({ name }) => name);
  if (tried.length === 0) return [];
  return [
    {
      claim: `each of the ${tried.length} formulas that were once wrong unnoticed is caught alone by a fast test of its module`,
      found: missed.length === 0 ? tried.map(({ name }) => name).join('; ') : `not caught: ${missed.join('; ')}`,
      holds: missed.length === 0,
    },
  ];
}

const timeoutMs = 120_000;

async function isCaught({ place, tests, imports }: Session, path: string, formula: WrongFormula): Promise<boolean> {
  const source = readFileSync(join(place.root, path), 'utf8');
  const attempt = { module: path, source, tests: ownTests(path, tests, imports), timeoutMs };
  const asItIs = await runTests(place, attempt);
  const wrong = await runTests(place, { ...attempt, source: withWrong(source, formula) });
  return asItIs.end === 'passed' && asItIs.loaded && wrong.end === 'failed';
}
