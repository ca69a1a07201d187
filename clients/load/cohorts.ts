import { createRecorder } from '../../machine/process/recorder.ts';
import { cohortOf, pollIntervalsMs, type Scenario } from '../../scenarios/scenario.ts';
import type { PollTraffic } from '../subscriber/transport-client.ts';
import type { ConnectedClient } from './crowd.ts';
import { type Journal, type Settled, settle } from './settlement.ts';

/** Traffic of one cohort's clients since the process started. */
export type CohortTraffic = PollTraffic & { readonly clients: number; readonly updateBytes: number };

/** Figures of one cohort over the window. `delivery`: latencies in microseconds, an encoded recording. */
export type CohortSettled = Settled & { readonly delivery: string };

/**
 * The clients of a crowd by cohort, in the order of `pollCohortsMs`; empty unless the scenario has cohorts and the
 * clients use short polling.
 */
export function cohortsOf(
  scenario: Scenario,
  clients: readonly ConnectedClient[],
): readonly (readonly ConnectedClient[])[] {
  if (!scenario.pollCohortsMs || !clients[0]?.transport.poll) return [];
  return pollIntervalsMs(scenario).map((_, cohort) =>
    clients.filter(({ client }) => cohortOf(scenario, client) === cohort),
  );
}

/** Sums the polling traffic of these clients. */
export function cohortTraffic(clients: readonly ConnectedClient[]): CohortTraffic {
  const traffic = clients.flatMap(({ transport }) => transport.traffic?.() ?? []);
  const total = (name: keyof PollTraffic) => traffic.reduce((sum, each) => sum + each[name], 0);
  return {
    clients: clients.length,
    updateBytes: clients.reduce((sum, { subscriber }) => sum + subscriber.receivedBytes(), 0),
    requests: total('requests'),
    readBytes: total('readBytes'),
    writtenBytes: total('writtenBytes'),
    drainRequests: total('drainRequests'),
    drainReadBytes: total('drainReadBytes'),
    drainWrittenBytes: total('drainWrittenBytes'),
    surplusUpdateBytes: total('surplusUpdateBytes'),
  };
}

/** Settles the window for the clients of one cohort. */
export function settleCohort(journal: Journal, clients: readonly ConnectedClient[]): CohortSettled {
  const delivery = createRecorder();
  const members = clients.map(({ client, channel }) => [client, channel] as const);
  const settled = settle(journal, members, ({ intendedUs, receivedUs }) => delivery.record(receivedUs - intendedUs));
  return { ...settled, delivery: delivery.encoded() };
}
