import type { SocketTotals } from '../network/socket-bytes.ts';
import type { AcceptedUpdates } from '../protocol/accepted-updates.ts';
import { clockSince } from '../protocol/clock.ts';
import { createRecorder } from '../protocol/recorder.ts';
import { type Agenda, createAgenda } from './agenda.ts';
import { type Crowd, type CrowdTally, createCrowd, type LoadConfig } from './crowd.ts';
import { type DrainWatch, watchDrain } from './drain-watch.ts';
import type { ClientLedger } from './ledger.ts';
import { type Phase, pollTracks, publishTrack } from './phase.ts';
import { createSetUp, type SetUpPlan } from './set-up.ts';
import { settle } from './settlement.ts';
import type { Window } from './staleness.ts';

/** Counts since the process started. */
export type LoadCounters = { readonly sockets: SocketTotals; readonly tally: Readonly<CrowdTally> };

/** Distributions of one window, encoded, and what became of the views. */
export type LoadFigures = {
  readonly delivery: string;
  readonly downlink: string;
  readonly pollLateness: string;
  readonly publishLateness: string;
  /** Sum over clients, in microseconds. */
  readonly staleUs: number;
};

// What the last acknowledgements may take after the window.
const acknowledgeWithinUs = 10e6;

/** Many virtual clients of one transport in one process, taken through the stages of a trial. */
export class Load {
  readonly #crowd: Crowd;
  readonly #agenda: Agenda;
  readonly #echo: boolean;
  readonly #setUp = createSetUp();
  #drain: DrainWatch | undefined;

  constructor(config: LoadConfig) {
    const clock = clockSince(config.epoch);
    this.#agenda = createAgenda(clock);
    this.#echo = config.scenario.echo;
    this.#crowd = createCrowd(config, clock, {
      advanced: (client) => this.#drain?.advanced(client),
      subscribed: this.#setUp.subscribed,
    });
  }

  /** Connects all clients. Resolves with the times it took each, encoded. */
  connect(plan: SetUpPlan): Promise<string> {
    return this.#setUp.connect(this.#crowd, this.#agenda, plan);
  }

  /**
   * Plays polls and publishes of a phase. Resolves when all publishes were made and acknowledged. Polls go on in their
   * rhythm, so that what came last is fetched, until `drain` has seen everyone up to date.
   */
  async play(phase: Phase): Promise<void> {
    const endUs = phase.startUs + phase.durationUs;
    const { clock, tally } = this.#crowd;
    this.#drain = undefined;
    this.#agenda.play([
      publishTrack(phase, this.#crowd),
      ...pollTracks(phase, this.#crowd, (client) => this.#drain?.isBehind(client) ?? true),
    ]);
    const published = () => tally.publishedUpdates + tally.publishedInputs;
    const isOver = () =>
      clock.nowUs() >= endUs &&
      (published() <= tally.acknowledgedPublishes || clock.nowUs() >= endUs + acknowledgeWithinUs);
    while (!isOver()) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** Resolves with the number of clients that lack their channel's newest version at the deadline. */
  async drain(heads: Uint32Array, withinMs: number): Promise<number> {
    const drain = watchDrain(this.#crowd.clients, heads);
    this.#drain = drain;
    const timer = setTimeout(drain.giveUp, withinMs);
    const left = await drain.drained;
    clearTimeout(timer);
    this.#agenda.stop();
    return left;
  }

  /** The window begins: forgets every distribution and receipt so far. */
  begin(): void {
    const { delivery, lateness, receipts } = this.#crowd;
    for (const recorder of [delivery, lateness.poll, lateness.publish]) recorder.reset();
    receipts.clear();
  }

  counters(): LoadCounters {
    return { sockets: this.#crowd.sockets.totals(), tally: { ...this.#crowd.tally } };
  }

  ledger(): readonly ClientLedger[] {
    return this.#crowd.clients.map((client) => client.ledger());
  }

  settle(updates: AcceptedUpdates, window: Window): LoadFigures {
    const { clients, receipts, delivery, lateness } = this.#crowd;
    const downlink = createRecorder();
    const channels = clients.map(({ client, channel }) => [client, channel] as const);
    const { staleUs } = settle(channels, updates, receipts, window, this.#echo, downlink);
    return {
      delivery: delivery.encoded(),
      downlink: downlink.encoded(),
      pollLateness: lateness.poll.encoded(),
      publishLateness: lateness.publish.encoded(),
      staleUs,
    };
  }
}
