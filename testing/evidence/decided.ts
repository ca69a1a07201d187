import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logAverage } from 'simple-statistics';
import { type Comparison, comparisonOf } from '../../analysis/comparison/comparison.ts';
import { isOrdered } from '../../analysis/comparison/outcome.ts';
import { analyseRun } from '../../analysis/comparison/run-analysis.ts';
import { type Cell, decisionTable } from '../../analysis/verdict/decision.ts';
import { type Recommendation, recommend } from '../../analysis/verdict/recommendation.ts';
import { projectRoot } from '../../machine/host/project-root.ts';
import { type Transport, transports } from '../../protocol/transport.ts';
import type { Run } from '../../results/schema/schema.ts';
import { readRun } from '../../results/store/read-run.ts';
import type { Evidence, Finding } from './evidence.ts';

const runsInSeries = 10;
/** From this ratio on a pair should be decided. */
const leastRatio = 1.5;
const leastDecidedShare = 0.9;
const mostMs = 390_000;
const exitInvalid = 4;

type Pair = readonly [Transport, Transport];

/** Every two transports once. */
const pairs: readonly Pair[] = transports.flatMap((one, place) =>
  transports.slice(place + 1).map((other): Pair => [one, other]),
);

/** What one run says: of each pair, and in each cell of the decision table. */
export type Said = {
  readonly comparisons: readonly Comparison[];
  readonly cells: ReadonlyMap<string, Cell>;
  readonly advice: readonly Recommendation[];
  readonly tookMs: number;
};

/** The default run, ten times in a row: does it decide what there is to decide, and always the same? */
export const decidedEvidence: Evidence = {
  summary: 'quick, ten times: ratios of 1.5 and more are decided, none the wrong way, and no cell of the table flips',
  measure: async (say) => {
    const home = mkdtempSync(join(tmpdir(), 'pvw-decided-'));
    try {
      const said: Said[] = [];
      for (let n = 1; n <= runsInSeries; n++) {
        said.push(saidBy(await quickRun(join(home, `run-${n}`))));
        say(`${n}/${runsInSeries}: ${(said.at(-1)!.tookMs / 1000).toFixed(0)} s`);
      }
      return [
        cpuFinding(said),
        bytesFinding(said),
        flipFinding(said),
        lineFinding(said),
        adviceFinding(said),
        timeFinding(said),
      ];
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
};

function quickRun(directory: string): Promise<Run> {
  const words = [join(projectRoot, 'bin/pvw.js'), 'run', '--quiet', '--out', directory];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, words, (error, _stdout, stderr) => {
      const code = error ? error.code : 0;
      // A run in which a trial is invalid counts like the others: that is what a user would see.
      if (code === 0 || code === exitInvalid) resolve(readRun(directory));
      else reject(new Error(`pvw run: exit code ${code}: ${stderr}`));
    });
  });
}

function saidBy(run: Run): Said {
  const analysis = analyseRun(run);
  const cells = decisionTable(analysis).flatMap(({ topic, need, cells: ofNeed }) =>
    ofNeed.map((cell) => [`${topic}, ${need}: ${cell.transport}`, cell] as const),
  );
  return {
    comparisons: analysis.scenarios[0]!.comparisons,
    advice: recommend(analysis.scenarios[0]!),
    cells: new Map(cells),
    tookMs: Date.parse(run.record.endedAt!) - Date.parse(run.record.startedAt),
  };
}

/** The ratio of a pair over all runs but one; `undefined` if none of them has it. */
function ratioElsewhere(said: readonly Said[], at: number, [one, other]: Pair): number | undefined {
  const ratios = said
    .filter((_, place) => place !== at)
    .flatMap(({ comparisons }) => comparisonOf(comparisons, 'server-cpu', one, other)?.estimate?.ratio ?? []);
  return ratios.length > 0 ? logAverage(ratios) : undefined;
}

/** A pair in one run whose ratio over the other runs is large enough to be decided. */
type Case = { readonly isDecided: boolean; readonly isWrong: boolean; readonly name: string };

/** Every pair in every run, against what the other runs say of it. */
export function cpuCases(said: readonly Said[]): readonly Case[] {
  return said.flatMap(({ comparisons }, at) =>
    pairs.flatMap((pair): readonly Case[] => {
      const elsewhere = ratioElsewhere(said, at, pair);
      const found = comparisonOf(comparisons, 'server-cpu', ...pair);
      if (elsewhere === undefined || Math.max(elsewhere, 1 / elsewhere) < leastRatio) return [];
      const isDecided = found !== undefined && isOrdered(found);
      const isWrong = isDecided && found.estimate!.ratio > 1 !== elsewhere > 1;
      return [{ isDecided, isWrong, name: `run ${at + 1}, ${pair.join(' and ')}` }];
    }),
  );
}

function cpuFinding(said: readonly Said[]): Finding {
  const cases = cpuCases(said);
  const decided = cases.filter(({ isDecided }) => isDecided);
  const wrong = cases.filter(({ isWrong }) => isWrong);
  const open = cases.filter(({ isDecided }) => !isDecided).map(({ name }) => name);
  const share = decided.length / cases.length;
  return {
    claim: `server CPU: of the pairs with a ratio of ${leastRatio} or more over the other runs at least 90% are decided, none the wrong way`,
    found: `${decided.length} of ${cases.length} (${(share * 100).toFixed(0)}%), ${wrong.length} the wrong way${open.map((name) => `; not decided: ${name}`).join('')}`,
    holds: share >= leastDecidedShare && wrong.length === 0,
    figures: { cases: cases.length, decided: decided.length, wrong: wrong.length },
  };
}

function bytesFinding(said: readonly Said[]): Finding {
  const found = said.flatMap(({ comparisons }, at) =>
    pairs.map((pair) => ({
      name: `run ${at + 1}, ${pair.join(' and ')}`,
      outcome: comparisonOf(comparisons, 'bytes', ...pair)?.outcome ?? 'too-few',
    })),
  );
  const open = found.filter(({ outcome }) => !['lower', 'higher', 'equal'].includes(outcome));
  return {
    claim: 'bytes are decided, or called equal, in every pair of every run',
    found: `${found.length - open.length} of ${found.length}${open.map(({ name, outcome }) => `; ${name}: ${outcome}`).join('')}`,
    holds: open.length === 0,
  };
}

/** A cell whose judgement is not the same in two runs. */
type Difference = { readonly name: string; readonly cells: readonly [Cell, Cell] };

export function cellDifferences(said: readonly Said[]): readonly Difference[] {
  const names = [...(said[0]?.cells.keys() ?? [])];
  return names.flatMap((name) => {
    const cells = said.map((each) => each.cells.get(name)!);
    return cells.flatMap((one, place) =>
      cells
        .slice(place + 1)
        .filter((other) => other.judgement !== one.judgement)
        .map((other): Difference => ({ name, cells: [one, other] })),
    );
  });
}

function flipFinding(said: readonly Said[]): Finding {
  const flips = cellDifferences(said).filter(({ cells }) =>
    ['good', 'poor'].every((judgement) => cells.some((cell) => cell.judgement === judgement)),
  );
  return {
    claim: 'no cell of the decision table is good in one run and poor in another',
    found: `${flips.length} pairs of runs in which one is${namesOf(flips)}`,
    holds: flips.length === 0,
  };
}

function lineFinding(said: readonly Said[]): Finding {
  const differences = cellDifferences(said);
  const unsaid = differences.filter(({ cells }) => !cells.every(({ evidence }) => evidence?.isAtLimit));
  return {
    claim: 'only cells that say that they lie on a limit differ between two runs',
    found: `${differences.length} differences between two runs${namesOf(differences)}, ${unsaid.length} of them without a word${namesOf(unsaid)}`,
    holds: unsaid.length === 0,
  };
}

/** Two runs whose advice for the same tolerance has no transport in common. */
export function adviceDifferences(said: readonly Said[]): readonly string[] {
  return said.flatMap(({ advice }, place) =>
    said.slice(place + 1).flatMap((other, later) =>
      advice.flatMap(({ toleranceMs, use }) => {
        const there = other.advice.find((each) => each.toleranceMs === toleranceMs);
        const agree = !there || use.some((each) => there.use.includes(each));
        return agree ? [] : [`runs ${place + 1} and ${place + later + 2}, ${toleranceMs} ms: ${use} and ${there.use}`];
      }),
    ),
  );
}

function adviceFinding(said: readonly Said[]): Finding {
  const apart = adviceDifferences(said);
  return {
    claim: 'no two runs advise different transports for the same tolerance',
    found: `${apart.length} pairs of runs do${apart.map((text) => `; ${text}`).join('')}`,
    holds: apart.length === 0,
  };
}

function namesOf(differences: readonly Difference[]): string {
  return [...new Set(differences.map(({ name }) => name))].map((name) => `; ${name}`).join('');
}

function timeFinding(said: readonly Said[]): Finding {
  const longestMs = Math.max(...said.map(({ tookMs }) => tookMs));
  return {
    claim: 'each run takes at most 6.5 minutes',
    found: `at most ${(longestMs / 1000).toFixed(0)} s`,
    holds: longestMs <= mostMs,
  };
}
