import { mean, median, sum } from 'simple-statistics';
import { taskCpuUs } from '../../../analysis/validity/server-pace.ts';
import { calibrationPlan } from '../../../bench/plan/calibration-plan.ts';
import { groupsOf } from '../../../bench/plan/groups.ts';
import { directRoute } from '../../../network/route/route.ts';
import { transports } from '../../../protocol/transport.ts';
import type { PathCalibration } from '../../../results/schema/calibration-schema.ts';
import type { CompletedTrial } from '../../../results/schema/schema.ts';
import { randomFrom } from '../../../scenarios/random.ts';
import { seedFrom } from '../../../scenarios/seed.ts';
import { type Evidence, type Finding, ledgerFinding, measureTrials } from '../evidence.ts';
import { directCalibration } from './direct-calibration.ts';
import { heldOutScenarios, manyClientsScenario } from './held-out.ts';
import { withNoiseAlone } from './noise-alone.ts';
import {
  calibratedBy,
  manyFindings,
  missOf,
  ofTransport,
  type Point,
  percent,
  pointFinding,
  pointsOf,
  residualOf,
  rttMs,
  trialsOf,
} from './predicted-points.ts';
import { inRounds, trialsFile } from './rounds.ts';

const rounds = 5;
const timesCalibrated = 3;

/** What a calibration predicts of loads that it has not seen, all measured in one series. */
export const predictionEvidence: Evidence = {
  summary:
    'predicted CPU and memory: ten loads that were not calibrated, and 5,000 clients from at most 1,000; --trials FILE',
  hasOptions: true,
  isWhole: () => true,
  measure: async (say, options) => {
    const trials = await inRounds({ count: rounds, file: trialsFile(options) }, (round) => {
      say(`round ${round + 1} of ${rounds}`);
      const scenarios = [...crewsOf(round).flat(), ...heldOut, many];
      return measureTrials({ transports, rttMs, scenarios, seed: `prediction ${round}`, network: 'isolated' }, say);
    });
    return findingsOf(trials);
  },
};

/** Each crew of the calibration in three of the five rounds. */
function crewsOf(round: number): typeof crews {
  return crews.filter((_, place) =>
    Array.from({ length: timesCalibrated }, (_, time) => place + time).some((at) => at % rounds === round),
  );
}

const crews = groupsOf(calibrationPlan({ route: directRoute, seed: 'none', network: 'isolated' }).scenarios);
const heldOut = heldOutScenarios();
const many = manyClientsScenario();
const shipped = directCalibration();

function findingsOf(trials: readonly CompletedTrial[]): readonly Finding[] {
  const path = calibratedBy(crews.flat(), trials);
  const points = heldOut.flatMap((planned) => pointsOf(planned, trials, path));
  return [
    ...heldOutFindings(points),
    ...manyFindings(pointsOf(many, trials, path), 'from at most 1,000', { bytes: 0.03, cpu: 0.2, memory: 0.2 }),
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
