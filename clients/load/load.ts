import { setTimeout as sleep } from 'node:timers/promises';
import { createRecorder } from '../../machine/process/recorder.ts';
import { schedulerSince } from '../../machine/process/scheduler.ts';
import { createSelfTick, type Gap, type SelfTick } from '../../machine/process/self-tick.ts';
import type { SocketTotals } from '../../network/sockets/socket-bytes.ts';
import type { AcceptedUpdates } from '../../protocol/accepted-updates.ts';
import type { ExchangeEvent } from '../../protocol/exchange.ts';
import type { LateUpdates } from '../../protocol/late-updates.ts';
import type { Phase } from '../../scenarios/schedule.ts';
import { addToTimeline, emptyTimeline, type LatencyTimeline } from '../subscriber/latency-timeline.ts';
import type { ClientLedger } from '../subscriber/ledger.ts';
import type { Knowing, Window } from '../subscriber/staleness.ts';
import { type Agenda, createAgenda } from './agenda.ts';
import { type BroadcastFigures, BroadcastWatch } from './broadcast-watch.ts';
import { type CohortSettled, type CohortTraffic, cohortsOf, cohortTraffic, settleCohort } from './cohorts.ts';
import { type ConnectedClient, type Crowd, type CrowdTally, createCrowd, type LoadConfig } from './crowd.ts';
import { type DrainWatch, watchDrain } from './drain-watch.ts';
import { type PreparedPhase, pollTracks, preparePhase, publishTrack } from './phase.ts';
import { createSetUp, type SetUpPlan } from './set-up.ts';
import { settle } from './settlement.ts';
import { createStormWatch, type StormFigures } from './storm-watch.ts';
import { type Disturbances, undisturbedLatencies } from './undisturbed.ts';

/** Counts since the process started. */
export type LoadCounters = {
  readonly sockets: SocketTotals;
  readonly tally: Readonly<CrowdTally>;
  /** By cohort; empty without cohorts. */
  readonly cohorts: readonly CohortTraffic[];
};

/** Results of one window: encoded recordings of microseconds, and sums over clients. */
export type LoadFigures = {
  readonly delivery: string;
  readonly downlink: string;
  readonly pollLateness: string;
  readonly publishLateness: string;
  /** Time in which views were stale, summed over clients, in microseconds. */
  readonly staleUs: number;
  /**
   * Sum over deliveries of receipt minus the intended instant that the server reports, in microseconds: the area under
   * the number of deliveries in progress. Little's law checks it against the latencies recorded on receipt.
   */
  readonly outstandingUs: number;
  readonly knowing: Knowing;
  readonly timeline: LatencyTimeline;
  readonly cohorts: readonly CohortSettled[];
  readonly broadcasts: BroadcastFigures;
  readonly exchange: readonly ExchangeEvent[];
  /** Only after connections were cut on purpose. */
  readonly storm?: StormFigures;
};

// Stops waiting for acknowledgements after the window when none has come for this long. Over a long path a backlog of
// publishes, each waiting for the previous one, takes much longer but keeps moving.
const acknowledgeWithinUs = 10e6;

/** The virtual clients of one transport in one process, taken through the stages of a trial. */
export class Load {
  readonly #crowd: Crowd;
  readonly #agenda: Agenda;
  readonly #echo: boolean;
  readonly #cohorts: readonly (readonly ConnectedClient[])[];
  readonly #setUp = createSetUp();
  readonly #storm = createStormWatch();
  readonly #selfTick: SelfTick;
  #prepared: PreparedPhase | undefined;
  #drain: DrainWatch | undefined;

  constructor(config: LoadConfig) {
    const clock = schedulerSince(config.epoch);
    this.#selfTick = createSelfTick(clock);
    this.#agenda = createAgenda(clock);
    this.#echo = config.scenario.echo;
    this.#crowd = createCrowd(config, clock, {
      advanced: (client) => this.#drain?.advanced(client),
      subscribed: (client) => {
        this.#setUp.subscribed(client);
        this.#storm.subscribed(client.client, clock.nowUs());
      },
      lost: ({ client, channel }) => this.#storm.lost(client, channel, clock.nowUs()),
    });
    this.#cohorts = cohortsOf(config.scenario, this.#crowd.clients);
  }

  /** Connects all clients. Resolves with an encoded recording of the time each took, in microseconds. */
  connect(plan: SetUpPlan): Promise<string> {
    return this.#setUp.connect(this.#crowd, this.#agenda, plan);
  }

  /** Makes the plans and payloads of the next phase. */
  prepare(phase: Phase): void {
    this.#prepared = preparePhase(phase, this.#crowd);
  }

  /**
   * Plays the prepared phase from this instant. Resolves when all publishes were made and acknowledged. Polls continue
   * at their intervals until `drain` has seen every client up to date, to fetch the last updates.
   */
  async play(startUs: number): Promise<void> {
    const phase = this.#prepared;
    if (!phase) throw new Error('load: play before prepare');
    const endUs = startUs + phase.durationUs;
    const { clock, tally } = this.#crowd;
    const unacknowledged = () => tally.publishedUpdates + tally.publishedInputs - tally.acknowledgedPublishes;
    // What was refused in an earlier phase is never acknowledged.
    const before = unacknowledged();
    this.#drain = undefined;
    const publishes = publishTrack(phase, startUs, this.#crowd);
    this.#agenda.play([
      publishes,
      ...pollTracks(phase, startUs, this.#crowd, (client) => this.#drain?.isBehind(client) ?? true),
    ]);
    await sleep(Math.max(0, (endUs - clock.nowUs()) / 1000));
    // A publish that is due but late must be awaited like one already made.
    const isOver = () =>
      clock.nowUs() >= endUs && publishes.nextUs() === Number.POSITIVE_INFINITY && unacknowledged() <= before;
    let acknowledged = tally.acknowledgedPublishes;
    let lastUs = endUs;
    while (!isOver() && clock.nowUs() < lastUs + acknowledgeWithinUs) {
      await sleep(5);
      if (tally.acknowledgedPublishes === acknowledged) continue;
      acknowledged = tally.acknowledgedPublishes;
      lastUs = clock.nowUs();
    }
  }

  /** Resolves when every client has the newest version of its channel, or at the deadline; then stops polling. */
  async drain(heads: Uint32Array, withinMs: number): Promise<void> {
    const drain = watchDrain(this.#crowd.clients, heads);
    this.#drain = drain;
    const timer = setTimeout(drain.giveUp, withinMs);
    await drain.drained;
    clearTimeout(timer);
    this.#agenda.stop();
  }

  /** Starts the window: clears all recordings and receipts. */
  begin(): void {
    const { delivery, lateness, late, receipts, exchange } = this.#crowd;
    for (const recorder of [delivery, lateness.poll, lateness.publish]) recorder.reset();
    late.clear();
    receipts.clear();
    exchange.begin();
    for (const client of this.#crowd.clients) {
      client.begin();
      client.transport.begin?.();
    }
    this.#selfTick.begin();
  }

  /** When this process did not run, since `begin`. Call it once, after everything else has arrived. */
  gaps(): readonly Gap[] {
    return this.#selfTick.end();
  }

  /** The publishes of the window that left late. */
  lateUpdates(): LateUpdates {
    return this.#crowd.late.noted();
  }

  counters(): LoadCounters {
    return {
      sockets: this.#crowd.sockets.totals(),
      tally: { ...this.#crowd.tally },
      cohorts: this.#cohorts.map(cohortTraffic),
    };
  }

  ledger(): readonly ClientLedger[] {
    return this.#crowd.clients.map((client) => client.ledger());
  }

  /** Computes the window's figures. `stormUs`: when connections were cut on purpose, if they were. */
  settle(updates: AcceptedUpdates, window: Window, stormUs?: number): LoadFigures {
    const { clients, receipts, delivery: deliveries, lateness, exchange } = this.#crowd;
    const journal = { updates, receipts, window, echo: this.#echo };
    const timeline = emptyTimeline();
    const downlink = createRecorder();
    const broadcasts = new BroadcastWatch(updates);
    let outstandingUs = 0;
    const settled = settle(journal, membersOf(clients), (delivery) => {
      const { intendedUs, acceptedUs, receivedUs } = delivery;
      broadcasts.observe(delivery);
      outstandingUs += receivedUs - intendedUs;
      downlink.record(receivedUs - acceptedUs);
      addToTimeline(timeline, window, intendedUs, receivedUs - intendedUs);
    });
    return {
      delivery: deliveries.encoded(),
      downlink: downlink.encoded(),
      pollLateness: lateness.poll.encoded(),
      publishLateness: lateness.publish.encoded(),
      ...settled,
      outstandingUs,
      timeline,
      cohorts: this.#cohorts.map((cohort) => settleCohort(journal, cohort)),
      broadcasts: broadcasts.figures(),
      exchange: exchange.events(),
      ...(stormUs !== undefined && { storm: this.#storm.figures(stormUs, journal) }),
    };
  }

  /** Delivery latencies that the instrument did not disturb: an encoded recording in microseconds. */
  undisturbed(updates: AcceptedUpdates, disturbances: Disturbances): string {
    const { clients, receipts } = this.#crowd;
    return undisturbedLatencies({ updates, receipts }, membersOf(clients), disturbances);
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    for (const { transport } of this.#crowd.clients) transport.close();
    await this.#agenda.close();
  }
}

function membersOf(clients: readonly ConnectedClient[]): readonly (readonly [client: number, channel: number])[] {
  return clients.map(({ client, channel }) => [client, channel] as const);
}
