import { median } from 'simple-statistics';
import { type FigureKey, figureOf, figures, formatFigure } from '../analysis/figures.ts';
import type { TrialWarningCode } from '../analysis/trial-checks.ts';
import { trialWarnings } from '../analysis/validity.ts';
import { plannedBy, profiles } from '../bench/profiles.ts';
import { type Transport, transports } from '../protocol/transport.ts';
import type { CompletedTrial, PlannedScenario } from '../results/schema.ts';
import { type Evidence, type Finding, ledgerFinding, measureTrials } from './evidence.ts';

const planned = plannedBy(profiles.quick);

/** The same seed: the schedules are the same, so what differs is the measurement. */
const seed = 'quick-twice';

/** Two runs in a row may differ by this much of the larger one, or by so much in the figure's unit. */
type Allowance = {
  readonly key: FigureKey;
  readonly share: number;
  readonly amount: number;
  /** What the suite itself says against this figure of a trial, beside noise: nobody is told to believe it then. */
  readonly doubt?: TrialWarningCode;
};

const allowed: readonly Allowance[] = [
  { key: 'bytes.total', share: 0.01, amount: 0 },
  { key: 'latency.p50', share: 0.05, amount: 1, doubt: 'relay-late' },
  { key: 'cpu.server.update', share: 0.15, amount: 0, doubt: 'cold' },
];

type TimedRun = { readonly trials: readonly CompletedTrial[]; readonly tookMs: number };

/** The default profile, twice in a row: nothing may be lost, and both must say the same. */
export const quickTwiceEvidence: Evidence = {
  summary: 'the profile quick, twice: nothing lost, and the same bytes, p50 and CPU or a word about noise',
  measure: async (say) => {
    const runs = [await timedRun(say), await timedRun(say)] as const;
    const every = new Set(
      planned.filter(({ scenario }) => scenario.semantics === 'every').map(({ scenario }) => scenario.name),
    );
    const all = runs.flatMap(({ trials }) => trials);
    const ofEvery = all.filter(({ scenario }) => every.has(scenario));
    return [
      { ...ledgerFinding(ofEvery), claim: `semantics every: all ${ofEvery.length} trials of two runs balance` },
      { ...ledgerFinding(all), claim: `both semantics: all ${all.length} trials of two runs balance` },
      ...allowed.map((each) => sameFinding(runs, each)),
      ...runs.map(({ tookMs }, i) => ({
        claim: `run ${i + 1} takes at most 5 minutes`,
        found: `${(tookMs / 1000).toFixed(0)} s`,
        holds: tookMs <= 300_000,
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

/** Medians of each scenario and transport, compared between the runs. */
function sameFinding(runs: readonly [TimedRun, TimedRun], { key, share, amount, doubt }: Allowance): Finding {
  const cells = planned.flatMap(({ scenario }) => transports.map((transport) => ({ scenario, transport })));
  const compared = cells.map(({ scenario, transport }) => {
    const [first, second] = runs.map(({ trials }) => medianOf(trials, scenario.name, transport, key)) as [
      number,
      number,
    ];
    const warned = (code: TrialWarningCode) =>
      runs.some(({ trials }) => hasWarning(trials, scenario.name, transport, code));
    const difference = Math.abs(first - second);
    const same = difference <= Math.max(amount, share * Math.max(first, second));
    return {
      name: `${scenario.name} ${transport}`,
      first,
      second,
      share: difference / Math.max(first, second),
      same,
      noisy: warned('noisy'),
      doubted: doubt !== undefined && warned(doubt),
    };
  });
  const worst = compared.reduce((a, b) => (b.share > a.share ? b : a));
  const apart = compared.filter(({ same }) => !same);
  const noisy = apart.filter((cell) => cell.noisy);
  const doubted = apart.filter((cell) => !cell.noisy && cell.doubted);
  const silent = apart.filter((cell) => !cell.noisy && !cell.doubted);
  const named = (some: typeof apart) => (some.length > 0 ? ` (${some.map(({ name }) => name).join(', ')})` : '');
  const text = (value: number) => formatFigure(key, value);
  return {
    claim:
      `${figures[key].title}: equal within ${share * 100}%${amount > 0 ? ` or ${text(amount)}` : ''} in two runs, or the ` +
      `noise probe spoke${doubt === undefined ? '' : `, or the trial itself warns of this figure (${doubt})`}`,
    found:
      `${compared.length - apart.length} of ${compared.length} equal, ${noisy.length} apart with noise${named(noisy)}, ` +
      `${doubted.length} apart and warned of${named(doubted)}, ${silent.length} apart without a word${named(silent)}; ` +
      `most: ${worst.name}, ${text(worst.first)} and ${text(worst.second)}, ${(worst.share * 100).toFixed(1)}%`,
    holds: silent.length === 0,
  };
}

function trialsOf(
  trials: readonly CompletedTrial[],
  scenario: string,
  transport: Transport,
): readonly CompletedTrial[] {
  return trials.filter((trial) => trial.scenario === scenario && trial.transport === transport);
}

function medianOf(trials: readonly CompletedTrial[], name: string, transport: Transport, key: FigureKey): number {
  const { scenario } = planned.find((each) => each.scenario.name === name)!;
  const measured = structuredClone(scenario) as PlannedScenario['scenario'];
  return median(
    trialsOf(trials, name, transport).flatMap((trial) => figureOf(key, { trial, scenario: measured }) ?? []),
  );
}

function hasWarning(
  trials: readonly CompletedTrial[],
  scenario: string,
  transport: Transport,
  wanted: TrialWarningCode,
): boolean {
  return trialsOf(trials, scenario, transport).some((trial) =>
    trialWarnings(trial).some(({ code }) => code === wanted),
  );
}
