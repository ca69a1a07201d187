import { capacityOf, type FoundCapacity } from '../../analysis/capacity/capacity.ts';
import { plannedLink } from '../../analysis/figures/planned-scenario.ts';
import { mainRoute, routeNamed } from '../../analysis/figures/run-routes.ts';
import type { Interval } from '../../analysis/model/cost/interval.ts';
import { predictedCapacity } from '../../analysis/model/prediction/predicted-capacity.ts';
import type { PathCalibration } from '../../results/schema/calibration-schema.ts';
import type { CapacityPlan } from '../../results/schema/capacity-schema.ts';
import type { Run } from '../../results/schema/schema.ts';
import type { Scenario } from '../../scenarios/scenario.ts';

/** What was found, with what the model predicts; `predicted`: undefined where nothing is calibrated. */
export type CapacityOutcome = {
  readonly title: string;
  readonly scenario: Scenario;
  readonly nodes: number;
  readonly plan: CapacityPlan;
  readonly rows: readonly { readonly found: FoundCapacity; readonly predicted: Interval | undefined }[];
};

/** `undefined` for a run that searched for nothing. `path`: of the calibration to predict from. */
export function capacityOutcome(run: Run, path: PathCalibration | undefined): CapacityOutcome | undefined {
  const { record } = run;
  const { capacity: plan, scenarios } = record.plan;
  const [planned] = scenarios;
  if (!plan || !planned) return undefined;
  // A record may have a kind of payload that this version does not know. Nothing here looks at it but the model.
  const scenario = planned.scenario as Scenario;
  const nodes = routeNamed(record, mainRoute(record))?.nodes ?? 1;
  const question = { scenario, rttMs: plannedLink(planned, record).rttMs };
  const found = capacityOf(run);
  const transports = new Set(found.map(({ transport }) => transport));
  const predictions = new Map(
    [...transports].map((transport) => [
      transport,
      path && nodes === 1 ? predictedCapacity(transport, question, path, plan) : undefined,
    ]),
  );
  return {
    title: scenario.title,
    scenario,
    nodes,
    plan,
    rows: found.map((each) => ({ found: each, predicted: predictions.get(each.transport) })),
  };
}
