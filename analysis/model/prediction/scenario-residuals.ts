import type { PathCalibration } from '../../../results/schema/calibration-schema.ts';
import type { LinkRecord, RouteRecord, RunRecord } from '../../../results/schema/schema.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import type { ScenarioAnalysis } from '../../comparison/run-analysis.ts';
import { plannedLink } from '../../figures/planned-scenario.ts';
import { mainRoute, routeNamed } from '../../figures/run-routes.ts';
import type { TransportAnalysis } from '../../validity/assessment.ts';
import { residualsOfTrials } from './measured-load.ts';
import type { Residual } from './residual.ts';

/** The model beside what the valid repeats of a transport measured. */
export type RowResiduals = { readonly row: TransportAnalysis; readonly residuals: readonly Residual[] };

/** The model beside the transports of a load over the main path; empty where it does not cover the load or the path. */
export function residualsOfScenario(
  { planned, transports }: ScenarioAnalysis,
  record: RunRecord,
  path: PathCalibration,
): readonly RowResiduals[] {
  const route = routeNamed(record, mainRoute(record));
  // A record may have a kind of payload that this version does not know. The model takes its size alone.
  const scenario = planned.scenario as Scenario;
  const link = plannedLink(planned, record);
  const cookieBytes = planned.cookieBytes ?? route?.cookieBytes ?? 0;
  if (record.plan.storm || !isCovered(scenario, link) || !hasHeadsOf(path, route, cookieBytes)) return [];
  const question = { scenario, rttMs: link.rttMs, nodes: route?.nodes ?? 1 };
  return transports.flatMap((row) => {
    const measured = row.valid.map(({ trial }) => ({ trial, scenario }));
    const repeats = { transport: row.transport, measured, figures: row.medians };
    const residuals = residualsOfTrials(question, path, repeats);
    return residuals.length > 0 ? [{ row, residuals }] : [];
  });
}

/** Whether the requests of the calibration were as long. */
function hasHeadsOf(
  { route: calibrated }: PathCalibration,
  route: RouteRecord | undefined,
  cookieBytes: number,
): boolean {
  const isAlike = (calibrated?.headers ?? 'minimal') === (route?.headers ?? 'minimal');
  return isAlike && (calibrated?.cookieBytes ?? 0) === cookieBytes;
}

/** The model takes channels as independent, polls as spread evenly, and links as free of loss and as fast as any. */
export function isCovered(
  { broadcast, pollCohortsMs }: Pick<Scenario, 'broadcast' | 'pollCohortsMs'>,
  link: LinkRecord,
): boolean {
  const { jitterMs, lossShare, bandwidthBitsPerSecond } = link;
  return !broadcast && !pollCohortsMs && jitterMs === 0 && lossShare === 0 && bandwidthBitsPerSecond === null;
}
