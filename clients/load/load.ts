import { setTimeout as sleep } from 'node:timers/promises';
import { clockSince } from '../../machine/process/clock.ts';
import { createRecorder } from '../../machine/process/recorder.ts';
import type { SocketTotals } from '../../network/sockets/socket-bytes.ts';
import type { AcceptedUpdates } from '../../protocol/accepted-updates.ts';
import type { ExchangeEvent } from '../../protocol/exchange.ts';
import { addToTimeline, emptyTimeline, type LatencyTimeline } from '../subscriber/latency-timeline.ts';
import type { ClientLedger } from '../subscriber/ledger.ts';
import type { Knowing, Window } from '../subscriber/staleness.ts';
import { type Agenda, createAgenda } from './agenda.ts';
import { type CohortSettled, type CohortTraffic, cohortsOf, cohortTraffic, settleCohort } from './cohorts.ts';
import { type ConnectedClient, type Crowd, type CrowdTally, createCrowd, type LoadConfig } from './crowd.ts';
import { type DrainWatch, watchDrain } from './drain-watch.ts';
import { type Phase, type PreparedPhase, pollTracks, preparePhase, publishTrack } from './phase.ts';
import { createSetUp, type SetUpPlan } from './set-up.ts';
import { settle } from './settlement.ts';
import { createStormWatch, type StormFigures } from './storm-watch.ts';

/** Counts since the process started. */
export type LoadCounters = {
  readonly sockets: SocketTotals;
  readonly tally: Readonly<CrowdTally>;
  /** Where clients poll in cohorts, otherwise empty. */
  readonly cohorts: readonly CohortTraffic[];
};

/** Distributions of one window, encoded, and what became of the views. */
export type LoadFigures = {
  readonly delivery: string;
  readonly downlink: string;
  readonly pollLateness: string;
  readonly publishLateness: string;
  /** Sum over clients, in microseconds. */
  readonly staleUs: number;
  /**
   * The area under the number of deliveries under way, in microseconds: instants of all receipts less those at which the
   * server says that these updates were intended. Little's law holds it against the latencies recorded on the way.
   */
  readonly outstandingUs: number;
  readonly knowing: Knowing;
  readonly timeline: LatencyTimeline;
  readonly cohorts: readonly CohortSettled[];
  readonly exchange: readonly ExchangeEvent[];
  /** Only where connections were cut on purpose. */
  readonly storm?: StormFigures;
};

// After the window, when none has come for so long, no further acknowledgement is waited for. Over a long path a backlog of
// publishes, each of which waits for the one before, takes many times as long, and moves all the while.
const acknowledgeWithinUs = 10e6;

/** Many virtual clients of one transport in one process, taken through the stages of a trial. */
export class Load {
  readonly #crowd: Crowd;
  readonly #agenda: Agenda;
  readonly #echo: boolean;
  readonly #cohorts: readonly (readonly ConnectedClient[])[];
  readonly #setUp = createSetUp();
  readonly #storm = createStormWatch();
  #prepared: PreparedPhase | undefined;
  #drain: DrainWatch | undefined;

  constructor(config: LoadConfig) {
    const clock = clockSince(config.epoch);
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

  /** Connects all clients. Resolves with the times it took each, encoded. */
  connect(plan: SetUpPlan): Promise<string> {
    return this.#setUp.connect(this.#crowd, this.#agenda, plan);
  }

  /** Makes plans and payloads of the next phase. */
  prepare(phase: Phase): void {
    this.#prepared = preparePhase(phase, this.#crowd);
  }

  /**
   * Plays polls and publishes of the phase that was prepared, from this instant on. Resolves when all publishes were made and acknowledged. Polls go on in their
   * rhythm, so that what came last is fetched, until `drain` has seen everyone up to date.
   */
  async play(startUs: number): Promise<void> {
    const phase = this.#prepared;
    if (!phase) throw new Error('load: play before prepare');
    const endUs = startUs + phase.durationUs;
    const { clock, tally } = this.#crowd;
    this.#drain = undefined;
    const publishes = publishTrack(phase, startUs, this.#crowd);
    this.#agenda.play([
      publishes,
      ...pollTracks(phase, startUs, this.#crowd, (client) => this.#drain?.isBehind(client) ?? true),
    ]);
    await sleep(Math.max(0, (endUs - clock.nowUs()) / 1000));
    // A publish that is due but late must be waited for like one that was made.
    const isOver = () =>
      clock.nowUs() >= endUs &&
      publishes.nextUs() === Number.POSITIVE_INFINITY &&
      tally.publishedUpdates + tally.publishedInputs <= tally.acknowledgedPublishes;
    let acknowledged = tally.acknowledgedPublishes;
    let lastUs = endUs;
    while (!isOver() && clock.nowUs() < lastUs + acknowledgeWithinUs) {
      await sleep(5);
      if (tally.acknowledgedPublishes === acknowledged) continue;
      acknowledged = tally.acknowledgedPublishes;
      lastUs = clock.nowUs();
    }
  }

  /** Resolves when every client has its channel's newest version, or at the deadline. */
  async drain(heads: Uint32Array, withinMs: number): Promise<void> {
    const drain = watchDrain(this.#crowd.clients, heads);
    this.#drain = drain;
    const timer = setTimeout(drain.giveUp, withinMs);
    await drain.drained;
    clearTimeout(timer);
    this.#agenda.stop();
  }

  /** The window begins: forgets every distribution and receipt so far. */
  begin(): void {
    const { delivery, lateness, receipts, exchange } = this.#crowd;
    for (const recorder of [delivery, lateness.poll, lateness.publish]) recorder.reset();
    receipts.clear();
    exchange.begin();
    for (const { transport } of this.#crowd.clients) transport.begin?.();
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

  /** `stormUs`: when connections were cut on purpose. */
  settle(updates: AcceptedUpdates, window: Window, stormUs?: number): LoadFigures {
    const { clients, receipts, delivery, lateness, exchange } = this.#crowd;
    const journal = { updates, receipts, window, echo: this.#echo };
    const timeline = emptyTimeline();
    const downlink = createRecorder();
    const channels = clients.map(({ client, channel }) => [client, channel] as const);
    let outstandingUs = 0;
    const settled = settle(journal, channels, (intendedUs, acceptedUs, receivedUs) => {
      outstandingUs += receivedUs - intendedUs;
      downlink.record(receivedUs - acceptedUs);
      addToTimeline(timeline, window, intendedUs, receivedUs - intendedUs);
    });
    return {
      delivery: delivery.encoded(),
      downlink: downlink.encoded(),
      pollLateness: lateness.poll.encoded(),
      publishLateness: lateness.publish.encoded(),
      ...settled,
      outstandingUs,
      timeline,
      cohorts: this.#cohorts.map((cohort) => settleCohort(journal, cohort)),
      exchange: exchange.events(),
      ...(stormUs !== undefined && { storm: this.#storm.figures(stormUs, journal) }),
    };
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    for (const { transport } of this.#crowd.clients) transport.close();
    await this.#agenda.close();
  }
}
