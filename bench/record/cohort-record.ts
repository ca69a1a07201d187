import type { CohortTraffic } from '../../clients/load/cohorts.ts';
import type { LoadFigures } from '../../clients/load/load.ts';
import type { Cohort } from '../../results/schema/schema.ts';
import { pollIntervalsMs } from '../../scenarios/scenario.ts';
import type { PlannedScenario } from '../plan/plan.ts';
import type { Snapshot } from '../readings/snapshot.ts';
import { mergeDistributions } from './distribution.ts';

type Edges = { readonly before: Snapshot; readonly after: Snapshot };

/** The figures of each cohort of short-polling clients in the window; empty unless clients poll in cohorts. */
export function cohortRecords(
  { scenario, durationMs }: PlannedScenario,
  edges: Edges,
  figures: readonly LoadFigures[],
): Cohort[] {
  const cohorts = figures[0]?.cohorts.length ?? 0;
  return pollIntervalsMs(scenario)
    .slice(0, cohorts)
    .map((pollIntervalMs, place) => {
      const settled = figures.map((figure) => figure.cohorts[place]!);
      const traffic = trafficOf(edges, place);
      const total = (of: (each: (typeof settled)[number]) => number) =>
        settled.reduce((sum, each) => sum + of(each), 0);
      return {
        pollIntervalMs,
        clients: traffic.clients,
        delivery: mergeDistributions(settled.map(({ delivery }) => delivery)),
        meanStalenessMs: meanMs(
          total(({ knowing }) => knowing.sumUs),
          total(({ knowing }) => knowing.updates),
        ),
        staleFraction: total(({ staleUs }) => staleUs) / (durationMs * 1000 * Math.max(1, traffic.clients)),
        requests: traffic.requests - traffic.drainRequests,
        down: {
          encodedUpdateBytes: traffic.updateBytes - (scenario.semantics === 'latest' ? traffic.surplusUpdateBytes : 0),
          framingBytes: traffic.readBytes - traffic.updateBytes - traffic.drainReadBytes,
        },
        up: { encodedUpdateBytes: 0, framingBytes: traffic.writtenBytes - traffic.drainWrittenBytes },
      };
    });
}

/** A mean in milliseconds from a sum in microseconds; 0 if nothing was counted. */
export function meanMs(sumUs: number, count: number): number {
  return count > 0 ? sumUs / count / 1000 : 0;
}

/** What one cohort counted between the edges, over all load processes. */
function trafficOf({ before, after }: Edges, place: number): CohortTraffic {
  const at = (snapshot: Snapshot, name: keyof CohortTraffic) =>
    snapshot.loads.reduce((sum, load) => sum + load.cohorts[place]![name], 0);
  const between = (name: keyof CohortTraffic) => at(after, name) - at(before, name);
  return {
    clients: at(after, 'clients'),
    updateBytes: between('updateBytes'),
    requests: between('requests'),
    readBytes: between('readBytes'),
    writtenBytes: between('writtenBytes'),
    drainRequests: between('drainRequests'),
    drainReadBytes: between('drainReadBytes'),
    drainWrittenBytes: between('drainWrittenBytes'),
    surplusUpdateBytes: between('surplusUpdateBytes'),
  };
}
