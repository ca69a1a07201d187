import type { PlannedScenario, RunRecord } from '../../results/schema/schema.ts';
import { ratePerSecond } from '../../scenarios/scenario.ts';
import { optionsOfPoint } from '../../scenarios/swept-axes.ts';
import { commandFor, commandOnPath } from '../asked/command.ts';
import { leastPairs } from '../comparison/comparison.ts';
import type { ScenarioAnalysis } from '../comparison/run-analysis.ts';
import { fewestClientsForMemory } from '../figures/figure.ts';
import type { Question } from '../figures/question.ts';
import type { TransportAnalysis } from '../validity/assessment.ts';
import { limits } from '../validity/limits.ts';
import { isCold } from '../validity/validity.ts';

/** The longest warm-up that is suggested; beyond it, more clients or a higher rate are needed. */
const longestWarmUpMs = 60_000;

/** Something that a run does not show: the reason, and the command that would add it. */
export type Gap = { readonly reason: string; readonly command: string };

/** Why short polling in cohorts has no verdict, however many repeats there are. */
export const curveReason = 'short polling at several intervals is a curve, not one figure: see the cost of freshness';

/** Why a question of a scenario has no verdict. Only for questions without any judged pair. */
export function gapOf(scenario: ScenarioAnalysis, question: Question, record: RunRecord): Gap {
  const { planned, transports } = scenario;
  const few = planned.repeats < leastPairs;
  const small = question === 'memory' && planned.scenario.clients < fewestClientsForMemory;
  const cold = question === 'server-cpu' && transports.some(({ valid }) => valid.some(({ trial }) => isCold(trial)));
  const alone = transports.length < 2;
  // Memory of an idle connection does not depend on the load, so if the scenario is too heavy for that many clients, a
  // light one can show it.
  const light = small && isHeavy(planned.scenario);
  const reasons = [
    ...(alone ? ['only one transport was measured'] : []),
    ...(small ? ['with fewer than 1,000 clients most of what a process grows by is not theirs'] : []),
    ...(few ? [`verdicts need ${leastPairs} repeats, this run planned ${planned.repeats}`] : []),
    ...(cold && !few ? ['the warm-up was too short to judge CPU'] : []),
    ...(planned.scenario.pollCohortsMs ? [curveReason] : []),
  ];
  const options = [
    ...(alone ? ['--transport', 'short-polling,long-polling,sse,websocket'] : []),
    ...(small ? ['--clients', String(fewestClientsForMemory)] : []),
    ...(light ? ['--channels', String(fewestClientsForMemory)] : []),
    ...(few ? ['--repeats', String(leastPairs)] : []),
    ...(cold && !few ? ['--warmup', `${warmUpSeconds(scenario)}s`] : []),
  ];
  return {
    reason: reasons.length > 0 ? reasons.join('; ') : fewReason(transports),
    command: light
      ? commandOnPath(record, ['notifications', ...options])
      : commandFor(record, planned.scenario.name, [...optionsOfPoint(planned.point), ...options]),
  };
}

/** Why repeats do not suffice: too few are valid, or too few of the valid ones have the figure. */
export function fewReason(transports: readonly TransportAnalysis[]): string {
  const enough = transports.filter(({ valid }) => valid.length >= leastPairs);
  return enough.length < 2
    ? 'fewer than three valid repeats to compare'
    : 'too few blocks in which both have a valid repeat with this figure';
}

/** Deliveries and inputs per second that any machine can take beside its clients. */
const lightLoad = 2_000;

function isHeavy({ arrivals, inputs }: PlannedScenario['scenario']): boolean {
  const perClient = ratePerSecond(arrivals) + (inputs ? ratePerSecond(inputs.arrivals) : 0);
  return perClient * fewestClientsForMemory > lightLoad;
}

/** Seconds of warm-up that the slowest transport needs at the pace that it had. */
function warmUpSeconds({ transports }: ScenarioAnalysis): number {
  const neededMs = transports
    .flatMap(({ valid }) => valid.map(({ trial }) => trial.window))
    .map(({ warmupMs, warmupOperations }) => (warmupMs * limits.warmupOperations) / Math.max(1, warmupOperations));
  return Math.ceil(Math.min(longestWarmUpMs, Math.max(limits.warmupMs, ...neededMs)) / 1000);
}

/** The reason as a sentence, without the command. */
export function gapSentence({ reason }: Gap): string {
  return `No verdict: ${reason}.`;
}
