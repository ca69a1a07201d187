import type { Transport } from '../../protocol/transport.ts';
import type { Cohort, CompletedTrial } from '../../results/schema/schema.ts';
import { dashboard } from '../../scenarios/catalogue/dashboard.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { type Evidence, type Finding, ledgerFinding, measureTrials, streamScenario } from './evidence.ts';

const rttMs = 40;

/** One channel with the largest fan-out that does not yet cause a queue of its own. */
const fanOut = streamScenario({
  name: 'fan-out-50',
  clients: 50,
  channels: 1,
  arrivals: { kind: 'poisson', perSecond: 10 },
});

/**
 * Every client is alone on its channel, so no two deliveries share an update, or a poll phase together with an instant.
 */
const alone = streamScenario({
  name: 'alone-400',
  clients: 400,
  channels: 400,
  arrivals: { kind: 'poisson', perSecond: 0.5 },
  pollIntervalMs: 1000,
});

const heldAt = (perSecond: number) =>
  streamScenario({
    name: `held-${perSecond}`,
    clients: 50,
    channels: 25,
    arrivals: { kind: 'poisson', perSecond },
  });

/** Compares measurements at an RTT of 40 ms with theory. */
export const theoryEvidence: Evidence = {
  summary: 'RTT 40 ms, Poisson: latency of each transport against what theory says',
  measure: async (say) => {
    const measured: CompletedTrial[] = [];
    const trial = async (scenario: Scenario, transport: Transport, durationMs: number) => {
      const planned = { scenario, repeats: 1, durationMs, warmupMs: 5000 };
      const trials = await measureTrials({ transports: [transport], rttMs, scenarios: [planned], seed: 'theory' }, say);
      measured.push(...trials);
      return trials[0]!;
    };
    const findings: Finding[] = [];
    for (const transport of ['websocket', 'sse'] as const) {
      const { delivery } = (await trial(fanOut, transport, 20_000)).latency;
      findings.push({
        claim: `${transport}: p50 is 20 ms + at most 4 ms with 50 clients on one channel`,
        found: `p50 ${delivery.p50Ms.toFixed(2)} ms of ${delivery.count} deliveries`,
        holds: delivery.p50Ms >= 20 && delivery.p50Ms <= 24,
      });
    }
    const polled = (await trial(alone, 'short-polling', 20_000)).latency.delivery;
    findings.push({
      claim: 'short polling each second: mean within 3% of 520 ms, over at least 3,100 independent pairs',
      found: `mean ${polled.meanMs.toFixed(1)} ms of ${polled.count} pairs`,
      holds: polled.count >= 3100 && Math.abs(polled.meanMs / 520 - 1) <= 0.03,
    });
    for (const perSecond of [10, 20]) {
      findings.push(heldFinding(perSecond, await trial(heldAt(perSecond), 'long-polling', 20_000)));
    }
    const cohorts = (await trial({ ...dashboard, clients: 700 }, 'short-polling', 20_000)).cohorts;
    return [...findings, ...cohorts.map(cohortFinding), ledgerFinding(measured)];
  },
};

/** The round trip is that of the link and what the relay added to each of its two ways; the source was late by itself. */
function heldFinding(perSecond: number, { latency: { delivery }, lateness }: CompletedTrial): Finding {
  const achievedMs = rttMs + 2 * lateness.relay.meanMs;
  const expectedMs = longPollingMeanMs(perSecond, achievedMs) + lateness.source.meanMs;
  return {
    claim: `long polling at ${perSecond} updates/s over a round trip of ${achievedMs.toFixed(1)} ms: mean ${expectedMs.toFixed(1)} ± 3 ms`,
    found: `mean ${delivery.meanMs.toFixed(2)} ms of ${delivery.count} deliveries`,
    holds: Math.abs(delivery.meanMs - expectedMs) <= 3,
  };
}

/**
 * Mean delivery latency of long polling in milliseconds, for Poisson updates of one channel and a round trip R. After an
 * answer the server waits R for the next request. An update in that gap waits R/2 on average, and all updates travel
 * R/2. A cycle has λR updates in the gap and, if that had none (e^(−λR)), the one that ends the waiting request.
 */
export function longPollingMeanMs(perSecond: number, roundTripMs: number): number {
  const inGap = (perSecond * roundTripMs) / 1000;
  const share = inGap / (inGap + Math.exp(-inGap));
  return (1 + share) * (roundTripMs / 2);
}

/**
 * Each client's phase is one draw from a uniform distribution and determines all its waits: clients count, not polls.
 */
function cohortFinding({ pollIntervalMs, clients, meanStalenessMs }: Cohort): Finding {
  const expectedMs = pollIntervalMs / 2 + rttMs / 2;
  const errorMs = pollIntervalMs / Math.sqrt(12 * clients);
  return {
    claim: `polling every ${pollIntervalMs} ms: mean staleness ${expectedMs} ms, within three standard errors`,
    found: `${meanStalenessMs.toFixed(1)} ms of ${clients} clients; one standard error is ${errorMs.toFixed(1)} ms`,
    holds: Math.abs(meanStalenessMs - expectedMs) <= 3 * errorMs,
  };
}
