import { median } from 'simple-statistics';
import { figureOf } from '../../../analysis/figures/figures.ts';
import { longestIntervalMs } from '../../../analysis/model/freshness/poll-interval.ts';
import { type MapMeasure, mapMeasures } from '../../../analysis/model/map/transport-cost.ts';
import { cheapestAt } from '../../../analysis/model/map/transport-map.ts';
import type { Question } from '../../../analysis/model/prediction/question.ts';
import { isValidTrial } from '../../../analysis/validity/validity.ts';
import { calibrationPlan } from '../../../bench/plan/calibration-plan.ts';
import type { PlannedScenario } from '../../../bench/plan/plan.ts';
import { directRoute } from '../../../network/route/route.ts';
import { type Transport, transports, transportTitles } from '../../../protocol/transport.ts';
import type { PathCalibration } from '../../../results/schema/calibration-schema.ts';
import type { CompletedTrial } from '../../../results/schema/schema.ts';
import { plainLoad } from '../../../scenarios/catalogue/plain-load.ts';
import { atRate, type Scenario } from '../../../scenarios/scenario.ts';
import { type Evidence, type Finding, ledgerFinding, measureTrials } from '../evidence.ts';
import { calibratedBy, rttMs } from './predicted-points.ts';

const repeats = 3;
const wantedOfEach = 7;

const load: Scenario = {
  ...plainLoad,
  clients: 200,
  channels: 100,
  arrivals: { kind: 'poisson', perSecond: 1 },
};
const question: Question = { scenario: load, rttMs };

/** Whether the borders of a map of transports lie where measured costs cross. */
export const mapBordersEvidence: Evidence = {
  summary: 'borders of the map of transports: measured pairs of loads on either side of them',
  measure: async (say) => {
    const path = await calibratedNow(say);
    const borders = mapMeasures.flatMap((measure) => bordersBy(measure, path).slice(0, wantedOfEach));
    const measured: Measured[] = [];
    for (const [place, border] of borders.entries()) {
      say(`border ${place + 1} of ${borders.length}: ${titleOf(border)}`);
      const plan = { transports: [border.before, border.after], rttMs, scenarios: sidesOf(border) };
      const trials = await measureTrials({ ...plan, seed: `map ${place}`, network: 'isolated' }, say);
      measured.push({ border, trials });
    }
    return findingsOf(measured);
  },
};

/** The costs of this machine: those of another put the borders of CPU elsewhere. */
async function calibratedNow(say: (line: string) => void): Promise<PathCalibration> {
  const { scenarios } = calibrationPlan({ route: directRoute, seed: 'map', network: 'isolated' });
  const trials = await measureTrials({ transports, rttMs, scenarios, seed: 'map', network: 'isolated' }, say);
  return calibratedBy(scenarios, trials);
}

/** Where the cheapest transport changes as updates come more often, at one tolerance. */
type Border = {
  readonly measure: MapMeasure;
  readonly toleranceMs: number;
  readonly perSecond: number;
  readonly before: Transport;
  readonly after: Transport;
};

/** So many of them that each measure has enough borders; polls as rare as windows allow. */
const tolerancesMs = [300, 500, 600, 800, 1000, 1200, 2000, 3000, 4000];
const step = 1.05;
const [leastRate, mostRate] = [0.05, 12];
/** How far from a border it is measured on either side: costs of CPU are known less well than bytes. */
const asideOf: Readonly<Record<MapMeasure, number>> = { wire: 1.4, cpu: 2 };

/**
 * Borders that are far enough from others to have a load on either side. One between two transports that push is the
 * same load at every tolerance, so it counts once.
 */
function bordersBy(measure: MapMeasure, path: PathCalibration): readonly Border[] {
  const found = tolerancesMs.flatMap((toleranceMs) => bordersAt(toleranceMs, measure, path));
  const sameLoad = ({ before, after, perSecond }: Border) => [before, after, perSecond].join();
  return found.filter((border, place) => found.findIndex((other) => sameLoad(other) === sameLoad(border)) === place);
}

function bordersAt(toleranceMs: number, measure: MapMeasure, path: PathCalibration): readonly Border[] {
  const aside = asideOf[measure];
  const cheapest = (perSecond: number) => cheapestAt(perSecond, toleranceMs, question, path)[measure];
  const count = Math.floor(Math.log(mostRate / leastRate) / Math.log(step));
  const rates = Array.from({ length: count }, (_, place) => leastRate * step ** place);
  return rates.slice(1).flatMap((rate, place) => {
    const [before, after] = [cheapest(rates[place]!), cheapest(rate)];
    const perSecond = Math.sqrt(rate * rates[place]!);
    if (!before || !after || before === after) return [];
    const isApart = cheapest(perSecond / aside) === before && cheapest(perSecond * aside) === after;
    return isApart ? [{ measure, toleranceMs, perSecond, before, after }] : [];
  });
}

const leastWindowMs = 5_000;
const leastUpdates = 40;
const intervalsOfWindow = 3;

/** Both sides, by the same processes. */
function sidesOf({ measure, perSecond, toleranceMs }: Border): readonly PlannedScenario[] {
  const pollIntervalMs = longestIntervalMs(toleranceMs, { roundTripMs: rttMs, oneWayMs: rttMs / 2 })!;
  return ratesOf({ measure, perSecond }).map((rate, place) => ({
    scenario: { ...load, pollIntervalMs, arrivals: atRate(load.arrivals, rate) },
    point: { updatesPerSecond: rate },
    repeats,
    durationMs: Math.max(
      leastWindowMs,
      intervalsOfWindow * pollIntervalMs,
      (1000 * leastUpdates) / (rate * load.channels),
    ),
    ...(place === 0 ? { warmupMs: 5_000 } : { warmupMs: 0, goesOn: true as const }),
  }));
}

function ratesOf({ measure, perSecond }: Pick<Border, 'measure' | 'perSecond'>): readonly [number, number] {
  const aside = asideOf[measure];
  return [perSecond / aside, perSecond * aside];
}

type Measured = { readonly border: Border; readonly trials: readonly CompletedTrial[] };

const wanted = 12 / 14;

function findingsOf(measured: readonly Measured[]): readonly Finding[] {
  const pairs = measured.map(pairFinding);
  const agree = pairs.filter(({ holds }) => holds).length;
  return [
    ...pairs.map((pair) => ({
      ...pair,
      holds: true,
      found: `${pair.found}: ${pair.holds ? 'agrees' : 'does not agree'}`,
    })),
    {
      claim: 'each measure has seven borders',
      found: `${pairs.length} borders`,
      holds: pairs.length === wantedOfEach * mapMeasures.length,
    },
    {
      claim: 'at 12 of 14 borders the transport that the map calls cheaper is cheaper on either side',
      found: `${agree} of ${pairs.length}`,
      holds: agree >= wanted * pairs.length,
      figures: { bordersThatAgree: agree, borders: pairs.length },
    },
    ledgerFinding(measured.flatMap(({ trials }) => trials)),
  ];
}

/** What was measured of both transports on both sides, by medians of the valid trials. */
function pairFinding({ border, trials }: Measured): Finding {
  const { before, after } = border;
  const sides = ratesOf(border).map((rate) => ({
    before: costOf(border, trials, before, rate),
    after: costOf(border, trials, after, rate),
  }));
  const [left, right] = sides as [(typeof sides)[number], (typeof sides)[number]];
  const ratio = (side: (typeof sides)[number]) => (side.after / side.before).toFixed(2);
  return {
    claim: titleOf(border),
    found: `${transportTitles[after]} costs ${ratio(left)} times as much below, ${ratio(right)} above`,
    holds: left.before < left.after && right.after < right.before,
  };
}

const figures = { wire: 'bytes.wire', cpu: 'cpu.serving' } as const;

/** Not a number if no trial of it is valid, which agrees with nothing. */
function costOf({ measure }: Border, trials: readonly CompletedTrial[], transport: Transport, rate: number): number {
  const values = trials
    .filter((trial) => trial.transport === transport && trial.point.updatesPerSecond === rate && isValidTrial(trial))
    .flatMap((trial) => figureOf(figures[measure], { trial, scenario: load }) ?? []);
  return values.length > 0 ? median(values) : Number.NaN;
}

function titleOf({ measure, toleranceMs, perSecond, before, after }: Border): string {
  const by = measure === 'wire' ? 'on the wire' : 'by CPU';
  return `${transportTitles[before]} | ${transportTitles[after]} ${by} at ${perSecond.toPrecision(3)}/s, tolerated ${toleranceMs} ms`;
}
