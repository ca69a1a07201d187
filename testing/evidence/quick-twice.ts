import { linearRegression, mean, median, sampleCorrelation } from 'simple-statistics';
import { type FigureKey, figureOf, figures, formatFigure } from '../../analysis/figures/figures.ts';
import { limits } from '../../analysis/validity/limits.ts';
import { paceScatter, serverTaskUs } from '../../analysis/validity/server-pace.ts';
import { trialWarnings } from '../../analysis/validity/validity.ts';
import { plannedBy, profiles } from '../../bench/plan/profiles.ts';
import { type Transport, transports } from '../../protocol/transport.ts';
import type { CompletedTrial, PlannedScenario } from '../../results/schema/schema.ts';
import { type Evidence, type Finding, ledgerFinding, measureTrials } from './evidence.ts';

const planned = plannedBy(profiles.quick);

/** The same seed: the schedules are the same, so what differs is the measurement. */
const seed = 'quick-twice';

/** How far two runs in a row may differ: by a share of the larger figure, or by an amount in the figure's unit. */
type Allowance = {
  readonly key: FigureKey;
  readonly share: number;
  readonly amount: number;
  /** Microseconds that the small task of the noise probe took on the cores that the figure depends on. */
  readonly tasksUs: (trial: CompletedTrial) => ReadonlyMap<number | null, number>;
  /** Whether the warning `unsteady` about a run applies to this figure. */
  readonly isUnsteady: boolean;
};

const ofServer = (trial: CompletedTrial) => new Map([[0, serverTaskUs(trial)!]]);
const ofEveryCore = ({ noise }: CompletedTrial) => new Map(noise!.tasks!.map(({ core, medianUs }) => [core, medianUs]));

const allowed: readonly Allowance[] = [
  { key: 'bytes.total', share: 0.01, amount: 0, tasksUs: () => new Map(), isUnsteady: false },
  { key: 'latency.p50', share: 0.05, amount: 1, tasksUs: ofEveryCore, isUnsteady: false },
  { key: 'cpu.serving.update', share: 0.15, amount: 0, tasksUs: ofServer, isUnsteady: true },
];

type TimedRun = { readonly trials: readonly CompletedTrial[]; readonly tookMs: number };
type Runs = readonly [TimedRun, TimedRun];

/** One scenario over one transport: its trials in both runs. */
type Cell = {
  readonly scenario: PlannedScenario['scenario'];
  readonly transport: Transport;
  readonly runs: readonly [readonly CompletedTrial[], readonly CompletedTrial[]];
};

/** The default profile, twice in a row: nothing may be lost, and both runs must have the same figures. */
export const quickTwiceEvidence: Evidence = {
  summary: 'the profile quick, twice: nothing lost, and the same bytes, p50 and CPU or a word of the noise probe',
  measure: async (say) => {
    const runs = [await timedRun(say), await timedRun(say)] as const;
    const cells = cellsOf(runs);
    const every = new Set(
      planned.filter(({ scenario }) => scenario.semantics === 'every').map(({ scenario }) => scenario.name),
    );
    const all = runs.flatMap(({ trials }) => trials);
    const ofEvery = all.filter(({ scenario }) => every.has(scenario));
    return [
      { ...ledgerFinding(ofEvery), claim: `semantics every: all ${ofEvery.length} trials of two runs balance` },
      { ...ledgerFinding(all), claim: `both semantics: all ${all.length} trials of two runs balance` },
      ...allowed.map((each) => sameFinding(cells, each)),
      paceFinding(cells),
      ...runs.map(({ tookMs }, i) => ({
        claim: `run ${i + 1} takes at most 6.5 minutes`,
        found: `${(tookMs / 1000).toFixed(0)} s`,
        holds: tookMs <= 390_000,
      })),
    ];
  },
};

async function timedRun(say: (line: string) => void): Promise<TimedRun> {
  const startedAt = performance.now();
  const plan = { transports, rttMs: profiles.quick.rttMs, network: 'isolated', scenarios: planned, seed } as const;
  const trials = await measureTrials(plan, say);
  return { trials, tookMs: performance.now() - startedAt };
}

function cellsOf([first, second]: Runs): readonly Cell[] {
  return planned.flatMap((each) => {
    const scenario = structuredClone(each.scenario) as Cell['scenario'];
    return transports.map((transport) => {
      const of = ({ trials }: TimedRun) =>
        trials.filter((trial) => trial.scenario === scenario.name && trial.transport === transport);
      return { scenario, transport, runs: [of(first), of(second)] as const };
    });
  });
}

/** Medians of each cell, compared between the runs. */
function sameFinding(cells: readonly Cell[], allowance: Allowance): Finding {
  const { key, share, amount } = allowance;
  const compared = cells.map((cell) => {
    const [first, second] = inBoth(cell, (trials) => medianOf(trials, cell.scenario, key));
    const difference = Math.abs(first - second);
    const same = difference <= Math.max(amount, share * Math.max(first, second));
    const ofCell = isNoisy(cell) || isOtherPace(cell, allowance);
    return { cell, first, second, same, ofCell, share: difference / Math.max(first, second) };
  });
  const ofRun = allowance.isUnsteady && scatterOf(cells).some((scatter) => scatter > limits.unsteady);
  const worst = compared.reduce((a, b) => (b.share > a.share ? b : a));
  const apart = compared.filter(({ same }) => !same);
  const told = apart.filter(({ ofCell }) => ofCell);
  const others = apart.filter(({ ofCell }) => !ofCell);
  const text = (value: number) => formatFigure(key, value);
  const named = (some: typeof apart) =>
    some.map((each) => `; ${nameOf(each.cell)} ${text(each.first)} and ${text(each.second)}`).join('');
  return {
    claim: `${figures[key].title}: equal within ${share * 100}%${amount > 0 ? ` or ${text(amount)}` : ''} in two runs, or the noise probe spoke`,
    found:
      `${compared.length - apart.length} of ${compared.length} equal, ${told.length} apart where it spoke of these trials${named(told)}; ` +
      `${others.length} apart ${ofRun ? 'where it spoke of a run (unsteady)' : 'without a word'}${named(others)}; ` +
      `most: ${nameOf(worst.cell)}, ${(worst.share * 100).toFixed(1)}%`,
    holds: ofRun || others.length === 0,
  };
}

function inBoth<T>({ runs: [first, second] }: Cell, of: (trials: readonly CompletedTrial[]) => T): readonly [T, T] {
  return [of(first), of(second)];
}

function medianOf(trials: readonly CompletedTrial[], scenario: Cell['scenario'], key: FigureKey): number {
  return median(trials.flatMap((trial) => figureOf(key, { trial, scenario }) ?? []));
}

function isNoisy({ runs }: Cell): boolean {
  return runs.flat().some((trial) => trialWarnings(trial).some(({ code }) => code === 'noisy'));
}

/** Whether the machine's pace differed, as `pvw compare` checks: the small task took another time in the same cell. */
function isOtherPace(cell: Cell, { tasksUs }: Allowance): boolean {
  const [first, second] = inBoth(cell, (trials) => trials.map(tasksUs));
  return [...first[0]!.keys()].some((core) => {
    const of = (readings: typeof first) => median(readings.map((each) => each.get(core)!));
    return Math.abs(Math.log(of(first) / of(second))) > Math.log1p(limits.unsteady);
  });
}

/** With the means of 16 cells removed from 48 trials, chance alone stays below this in 95 of 100 cases. */
const leastCorrelation = 0.35;

/** Whether the probe sees what moves server CPU: both as logarithms, relative to their mean in the cell. */
function paceFinding(cells: readonly Cell[]): Finding {
  const points = cells.flatMap(({ scenario, runs }) => {
    const logs = runs.flat().map((trial) => {
      const cpu = figureOf('cpu.serving.update', { trial, scenario })!;
      return [Math.log(serverTaskUs(trial)!), Math.log(cpu)] as const;
    });
    const [task, cpu] = [mean(logs.map(([x]) => x)), mean(logs.map(([, y]) => y))];
    return logs.map(([x, y]) => [x - task, y - cpu]);
  });
  const correlation = sampleCorrelation(
    points.map(([x]) => x!),
    points.map(([, y]) => y!),
  );
  const slope = linearRegression(points).m;
  return {
    claim: `in the same cell, server CPU moves with the small task of the noise probe: correlation of at least ${leastCorrelation}`,
    found:
      `${correlation.toFixed(2)} over ${points.length} trials, slope ${slope.toFixed(2)}; between repeats the task differs by ` +
      `${scatterOf(cells)
        .map((share) => `${(share * 100).toFixed(0)}%`)
        .join(' and ')} in the two runs (unsteady above ${limits.unsteady * 100}%)`,
    holds: correlation >= leastCorrelation,
    figures: { trials: points.length, correlation, slope },
  };
}

/** Scatter of the small task between repeats, in the first run and in the second. */
function scatterOf(cells: readonly Cell[]): readonly number[] {
  return [0, 1].map((run) => paceScatter(cells.map(({ runs }) => runs[run]!)) ?? Number.NaN);
}

function nameOf({ scenario, transport }: Cell): string {
  return `${scenario.name} ${transport}`;
}
