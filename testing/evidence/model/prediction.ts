import { logAverage, mean, median, sum } from 'simple-statistics';
import type { Measured } from '../../../analysis/figures/figure.ts';
import { type FigureKey, figureOf } from '../../../analysis/figures/figures.ts';
import { formatValue } from '../../../analysis/figures/format.ts';
import { calibrationOfPath } from '../../../analysis/model/cost/calibration-of-run.ts';
import { residualsOfTrials } from '../../../analysis/model/prediction/measured-load.ts';
import type { Residual } from '../../../analysis/model/prediction/residual.ts';
import type { FigureValues } from '../../../analysis/validity/assessment.ts';
import { taskCpuUs } from '../../../analysis/validity/server-pace.ts';
import { isValidTrial } from '../../../analysis/validity/validity.ts';
import { calibrationPlan } from '../../../bench/plan/calibration-plan.ts';
import { groupsOf } from '../../../bench/plan/groups.ts';
import type { PlannedScenario } from '../../../bench/plan/plan.ts';
import { directRoute } from '../../../network/route/route.ts';
import { type Transport, transports, transportTitles } from '../../../protocol/transport.ts';
import type { PathCalibration } from '../../../results/schema/calibration-schema.ts';
import type { CompletedTrial } from '../../../results/schema/schema.ts';
import { isSameScenario, pointSuffix, scenarioAt } from '../../../scenarios/point.ts';
import { randomFrom } from '../../../scenarios/random.ts';
import { seedFrom } from '../../../scenarios/seed.ts';
import { type Evidence, type Finding, ledgerFinding, measureTrials } from '../evidence.ts';
import { directCalibration } from './direct-calibration.ts';
import { heldOutScenarios, manyClientsScenario } from './held-out.ts';
import { withNoiseAlone } from './noise-alone.ts';

const rounds = 5;
const rttMs = 40;

/** What a calibration predicts of loads that it has not seen, all measured in one series. */
export const predictionEvidence: Evidence = {
  summary: 'predicted CPU and memory: ten loads that were not calibrated, and 5,000 clients from at most 1,000',
  measure: async (say) => {
    const trials: CompletedTrial[] = [];
    for (let round = 0; round < rounds; round++) {
      say(`round ${round + 1} of ${rounds}`);
      const scenarios = [...crews.filter((_, place) => place % rounds === round).flat(), ...heldOut, many];
      const plan = { transports, rttMs, scenarios, seed: `prediction ${round}`, network: 'isolated' } as const;
      trials.push(...(await measureTrials(plan, say)));
    }
    return findingsOf(trials);
  },
};

const crews = groupsOf(calibrationPlan({ route: directRoute, seed: 'none', network: 'isolated' }).scenarios);
const heldOut = heldOutScenarios();
const many = manyClientsScenario();
const shipped = directCalibration();

function findingsOf(trials: readonly CompletedTrial[]): readonly Finding[] {
  const path = calibratedBy(crews.flat(), trials);
  const points = heldOut.flatMap((planned) => pointsOf(planned, trials, path));
  return [
    ...heldOutFindings(points),
    ...manyFindings(pointsOf(many, trials, path)),
    ratioFinding(
      heldOut.map((planned) => pointsOf(planned, trials, shipped.path)),
      shipped.calibration.measuredAt,
    ),
    paceFinding(repeatsIn(trials)),
    noiseFinding(trials, path),
    ledgerFinding(trials),
  ];
}

/** The trials of each held-out load over each transport. */
function repeatsIn(trials: readonly CompletedTrial[]): readonly (readonly CompletedTrial[])[] {
  return heldOut.flatMap((planned) => transports.map((transport) => ofTransport(transport, planned, trials)));
}

function ofTransport(transport: Transport, planned: PlannedScenario, trials: readonly CompletedTrial[]) {
  return trialsOf(planned, trials).filter((trial) => trial.transport === transport);
}

/** How far a repeat's CPU lies from the others, as it was and at the same pace: what a prediction beside it rests on. */
function paceFinding(series: readonly (readonly CompletedTrial[])[]): Finding {
  const paces = series.flat().flatMap((trial) => taskCpuUs(trial) ?? []);
  const asMeasured = scatterOf(series, (trial) => cpuOf(trial));
  const atOnePace = scatterOf(series, cpuAtPace);
  const [fastest, slowest] = [Math.min(...paces), Math.max(...paces)];
  return {
    claim: 'server CPU goes in proportion to the pace of the machine, which a small task beside it measures',
    found: `tasks of ${fastest.toFixed(0)} to ${slowest.toFixed(0)} µs; scatter of a repeat ${percent(asMeasured)}, at the same pace ${percent(atOnePace)}`,
    holds: atOnePace <= asMeasured,
    figures: {
      fastestTaskUs: fastest,
      slowestTaskUs: slowest,
      scatterPercent: asMeasured * 100,
      scatterAtPacePercent: atOnePace * 100,
    },
  };
}

const simulations = 15;

/** What the same trials would show if costs had exactly the form of the model: misses that are noise and nothing else. */
function noiseFinding(trials: readonly CompletedTrial[], path: PathCalibration): Finding {
  const random = randomFrom(seedFrom('prediction', 'noise'));
  const truth = { path, scatter: scatterOf(repeatsIn(trials), cpuAtPace), random };
  const found = Array.from({ length: simulations }, () => {
    const played = [...crews.flat(), ...heldOut].flatMap((planned) =>
      trialsOf(planned, trials).map((trial) => withNoiseAlone(trial, planned.scenario, truth)),
    );
    const again = calibratedBy(crews.flat(), played);
    return heldOut
      .flatMap((planned) => pointsOf(planned, played, again))
      .map((each) => missOf(residualOf(each, 'cpu.serving')));
  });
  const [middle, worst] = [median(found.map(median)), median(found.map((misses) => Math.max(...misses)))];
  return {
    claim: `noise alone: how far off a model without any error would be, simulated ${simulations} times with the scatter of the repeats`,
    found: `${percent(middle)} in the median and ${percent(worst)} at worst`,
    holds: true,
    figures: { noiseMedianPercent: middle * 100, noiseWorstPercent: worst * 100 },
  };
}

function cpuAtPace(trial: CompletedTrial): number {
  return cpuOf(trial) / taskCpuUs(trial)!;
}

function cpuOf({ processes }: CompletedTrial): number {
  return processes.find(({ role }) => role === 'server')!.cpuWindowMs;
}

/** Pooled standard deviation of the logarithms within series. */
function scatterOf(series: readonly (readonly CompletedTrial[])[], of: (trial: CompletedTrial) => number): number {
  const logs = series.map((trials) => trials.map((trial) => Math.log(of(trial)))).filter(({ length }) => length > 1);
  const squares = logs.flatMap((each) => each.map((log) => (log - mean(each)) ** 2));
  return Math.sqrt(sum(squares) / sum(logs.map(({ length }) => length - 1)));
}

function calibratedBy(planned: readonly PlannedScenario[], trials: readonly CompletedTrial[]): PathCalibration {
  const seen = planned.flatMap((each) => trialsOf(each, trials).map((trial) => ({ trial, scenario: each.scenario })));
  const path = calibrationOfPath(seen, 'isolated');
  if (!path) throw new Error('the windows of the calibration determine no costs');
  return path;
}

function trialsOf(planned: PlannedScenario, trials: readonly CompletedTrial[]): readonly CompletedTrial[] {
  return trials.filter((trial) => isSameScenario(trial, scenarioAt(planned)) && isValidTrial(trial));
}

/** One load over one transport, by the geometric means of its trials. */
type Point = {
  readonly title: string;
  readonly trials: number;
  readonly residuals: readonly Residual[];
};

const figureKeys = ['bytes.wire.down', 'bytes.wire.up', 'cpu.serving'] as const satisfies readonly FigureKey[];

/** Predicted for as many updates as there were. */
function pointsOf(planned: PlannedScenario, all: readonly CompletedTrial[], path: PathCalibration): readonly Point[] {
  const { scenario, point = {} } = planned;
  return transports.flatMap((transport) => {
    const measured = ofTransport(transport, planned, all).map((trial) => ({ trial, scenario }));
    const figures = figuresTogether(measured);
    const residuals = residualsOfTrials({ scenario, rttMs, nodes: 1 }, path, { transport, measured, figures });
    if (residuals.length === 0) return [];
    return [
      {
        title: `${transportTitles[transport]}, ${scenario.title}${pointSuffix(point)}`,
        trials: measured.length,
        residuals: residuals.filter((each) => each.measured !== undefined),
      },
    ];
  });
}

function figuresTogether(measured: readonly Measured[]): Partial<FigureValues> {
  if (measured.length === 0) return {};
  const together = (key: FigureKey) => logAverage(measured.map((each) => figureOf(key, each)!));
  return Object.fromEntries(figureKeys.map((key) => [key, together(key)]));
}

function heldOutFindings(points: readonly Point[]): readonly Finding[] {
  const cpu = points.map((point) => residualOf(point, 'cpu.serving'));
  const memory = points.map((point) => missOf(residualOf(point, 'memory')));
  const [middle, worst] = [median(cpu.map(missOf)), Math.max(...cpu.map(missOf))];
  const covered = cpu.filter(({ isWithin }) => isWithin).length;
  const worstMemory = Math.max(...memory);
  return [
    ...points.map(pointFinding),
    {
      claim: `each of the ${heldOut.length} loads is predicted over each transport`,
      found: `${points.length} predictions`,
      holds: points.length === heldOut.length * transports.length,
    },
    {
      claim: `CPU of ${points.length} loads that were not calibrated: off by at most 12% in the median and 30% at worst`,
      found: `${percent(middle)} and ${percent(worst)}`,
      holds: middle <= 0.12 && worst <= 0.3,
      figures: { cpuMedianPercent: middle * 100, cpuWorstPercent: worst * 100 },
    },
    {
      claim: 'the 95% intervals of their CPU have nine of ten of them',
      found: `${covered} of ${cpu.length}`,
      holds: covered >= 0.9 * cpu.length,
      figures: { cpuCovered: covered, cpuPoints: cpu.length },
    },
    {
      claim: 'the memory of a node with all connected is off by at most 15%',
      found: `at worst ${percent(worstMemory)}, median ${percent(median(memory))}`,
      holds: worstMemory <= 0.15,
      figures: { memoryMedianPercent: median(memory) * 100, memoryWorstPercent: worstMemory * 100 },
    },
  ];
}

/** Told, and judged only together. */
function pointFinding({ title, trials, residuals }: Point): Finding {
  return {
    claim: title,
    found: `${trials} valid trials; ${residuals.map(residualText).join('; ')}`,
    holds: trials > 0,
  };
}

/** How the transports of a load compare, by a calibration of another day: each CPU by that of the first. */
function ratioFinding(loads: readonly (readonly Point[])[], measuredAt: string): Finding {
  const misses = loads.flatMap((points) => {
    const [first, ...others] = points.map((point) => residualOf(point, 'cpu.serving'));
    return others.map(({ off }) => Math.abs((1 + off!) / (1 + first!.off!) - 1));
  });
  const [middle, worst] = [median(misses), Math.max(...misses)];
  return {
    claim: `ratios of CPU between transports, by the calibration of ${measuredAt.slice(0, 10)} that comes with pvw: off by at most 20% in the median`,
    found: `${percent(middle)}, at worst ${percent(worst)}`,
    holds: middle <= 0.2,
    figures: { ratioMedianPercent: middle * 100, ratioWorstPercent: worst * 100 },
  };
}

const allowed: Partial<Record<Residual['key'], number>> = {
  'bytes.wire.down': 0.03,
  'bytes.wire.up': 0.03,
  'cpu.serving': 0.2,
  memory: 0.2,
};

function manyFindings(points: readonly Point[]): readonly Finding[] {
  const worst = (...keys: readonly Residual['key'][]) =>
    Math.max(...points.flatMap((point) => keys.map((key) => missOf(residualOf(point, key)))));
  const figures = {
    manyBytesWorstPercent: worst('bytes.wire.down', 'bytes.wire.up') * 100,
    manyCpuWorstPercent: worst('cpu.serving') * 100,
    manyMemoryWorstPercent: worst('memory') * 100,
  };
  return points.map((point) => ({
    ...pointFinding(point),
    claim: `${point.title}, from at most 1,000: bytes off by at most 3%, CPU and memory 20%`,
    holds: point.residuals.every((each) => missOf(each) <= allowed[each.key]!),
    figures,
  }));
}

function residualOf({ residuals }: Point, key: Residual['key']): Residual {
  return residuals.find((each) => each.key === key)!;
}

function missOf({ off }: Residual): number {
  return Math.abs(off!);
}

function residualText({ title, unit, expected, measured, off, isWithin }: Residual): string {
  const text = `${title} ${formatValue(expected.value, unit)} for ${formatValue(measured!, unit)} (${percent(off!)}`;
  return `${text}${isWithin ? '' : ', outside of the interval'})`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
