import type { Transport } from '../../protocol/transport.ts';
import type { Cohort } from '../../results/schema/schema.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { histogramOf } from './synthetic-histogram.ts';

/** For tests only: polling cohorts computed from theory: an update waits half an interval on average. */
export function syntheticCohorts(scenario: Scenario, transport: Transport, rttMs: number, seconds: number): Cohort[] {
  if (!scenario.pollCohortsMs || transport !== 'short-polling') return [];
  const intervals = scenario.pollCohortsMs;
  const clients = Math.floor(scenario.clients / intervals.length);
  const rate = scenario.arrivals.kind === 'poisson' ? scenario.arrivals.perSecond : 1;
  return intervals.map((pollIntervalMs) => {
    const polls = Math.round((clients * seconds * 1000) / pollIntervalMs);
    // Polls that return an update, with Poisson arrivals.
    const found = Math.round(polls * (1 - Math.exp((-rate * pollIntervalMs) / 1000)));
    const meanStalenessMs = pollIntervalMs / 2 + rttMs / 2;
    return {
      pollIntervalMs,
      clients,
      delivery: histogramOf(
        [0.1, 0.5, 0.9].map((share) => rttMs / 2 + share * pollIntervalMs),
        found,
      ),
      meanStalenessMs,
      staleFraction: 1 - Math.exp((-rate * meanStalenessMs) / 1000),
      requests: polls,
      down: { encodedUpdateBytes: found * 190, framingBytes: found * 140 + (polls - found) * 110 },
      up: { encodedUpdateBytes: 0, framingBytes: polls * 95 },
    };
  });
}
