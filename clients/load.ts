import { createSocketBytes, type SocketTotals } from '../network/socket-bytes.ts';
import type { AcceptedUpdates } from '../protocol/accepted-updates.ts';
import { type Clock, clockSince, type Epoch } from '../protocol/clock.ts';
import { codecs } from '../protocol/codec.ts';
import { createRecorder } from '../protocol/recorder.ts';
import type { Transport } from '../protocol/transport.ts';
import { payloadPool } from '../scenarios/payloads.ts';
import { randomFrom, seedFrom } from '../scenarios/random.ts';
import { channelOf, type Payload, type Scenario } from '../scenarios/scenario.ts';
import { type PlannedPublish, pollPhasesUs, publishes } from '../scenarios/schedule.ts';
import { type Agenda, createAgenda, type Track } from './agenda.ts';
import { type DrainWatch, watchDrain } from './drain-watch.ts';
import type { ClientLedger } from './ledger.ts';
import { createPollTrack } from './poll-track.ts';
import { createPublishTrack } from './publish-track.ts';
import { Receipts } from './receipts.ts';
import { settle } from './settlement.ts';
import type { Window } from './staleness.ts';
import type { LoadTally, TransportClient } from './transport-client.ts';
import { openClient } from './transports.ts';
import { createVirtualClient, type Desk, type DeskTally, type VirtualClient } from './virtual-client.ts';

export type LoadConfig = {
  readonly transport: Transport;
  readonly scenario: Scenario;
  /** The clients of this process: `from` to below `to`. */
  readonly from: number;
  readonly to: number;
  readonly host: string;
  /** Where to connect; clients take them in turn. */
  readonly ports: readonly number[];
  readonly epoch: Epoch;
  readonly seed: string;
};

/** One phase: what the schedule of this seed asks for in the window. */
export type Phase = {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly startUs: number;
  readonly durationUs: number;
};

export type PlayTally = {
  publishedUpdates: number;
  publishedInputs: number;
  publishedBytes: number;
  intendedPolls: number;
  skippedPolls: number;
};

/** Counts since the process started. */
export type LoadCounters = {
  readonly sockets: SocketTotals;
  readonly tally: Readonly<LoadTally & DeskTally & PlayTally>;
};

/** Distributions of one window, encoded, and what became of the views. */
export type LoadFigures = {
  readonly delivery: string;
  readonly downlink: string;
  readonly pollLateness: string;
  readonly publishLateness: string;
  readonly staleUs: number;
};

export type SetUp = { readonly setUp: string };

// What the last acknowledgements may take after the window.
const acknowledgeWithinMs = 10_000;

type Connected = VirtualClient & { readonly transport: TransportClient };

/** Many virtual clients of one transport in one process. */
export class Load {
  readonly #config: LoadConfig;
  readonly #clock: Clock;
  readonly #agenda: Agenda;
  readonly #sockets = createSocketBytes();
  readonly #receipts = new Receipts();
  readonly #delivery = createRecorder();
  readonly #pollLateness = createRecorder();
  readonly #publishLateness = createRecorder();
  readonly #setUp = createRecorder();
  readonly #clients: readonly Connected[];
  readonly #tally: LoadTally & DeskTally & PlayTally = {
    requests: 0,
    emptyAnswers: 0,
    drainRequests: 0,
    drainUpFramingBytes: 0,
    drainDownFramingBytes: 0,
    reconnects: 0,
    errors: 0,
    lastError: '',
    deliveries: 0,
    updateBytes: 0,
    acknowledgedPublishes: 0,
    publishedUpdates: 0,
    publishedInputs: 0,
    publishedBytes: 0,
    intendedPolls: 0,
    skippedPolls: 0,
  };
  #drain: DrainWatch | undefined;
  #onSubscribed: (client: VirtualClient) => void = () => {};

  constructor(config: LoadConfig) {
    this.#config = config;
    this.#clock = clockSince(config.epoch);
    this.#agenda = createAgenda(this.#clock);
    this.#clients = this.#createClients();
  }

  /** Connects all clients at a bounded rate; rejects when some are not subscribed in time, with the reason known. */
  async connect(perSecond: number, withinMs: number): Promise<SetUp> {
    const startedUs = new Map<number, number>();
    const startUs = this.#clock.nowUs();
    const left = new Set(this.#clients.map(({ client }) => client));
    const all = new Promise<void>((resolve) => {
      this.#onSubscribed = ({ client }) => {
        if (!left.delete(client)) return;
        this.#setUp.record(this.#clock.nowUs() - startedUs.get(client)!);
        if (left.size === 0) resolve();
      };
    });
    let next = 0;
    this.#agenda.play([
      {
        nextUs: () => (next < this.#clients.length ? startUs + (next * 1e6) / perSecond : Number.POSITIVE_INFINITY),
        fire: () => {
          const { client, transport } = this.#clients[next++]!;
          startedUs.set(client, this.#clock.nowUs());
          transport.connect();
        },
      },
    ]);
    if (!(await within(all, withinMs))) {
      const why = this.#tally.lastError || `${this.#tally.reconnects} attempts were made again`;
      throw new Error(`${left.size} of ${this.#clients.length} clients not subscribed after ${withinMs} ms: ${why}`);
    }
    return { setUp: this.#setUp.encoded() };
  }

  /**
   * Plays polls and publishes of a phase. Resolves when all publishes were made and acknowledged. Polls go on in their
   * rhythm, so that what came last is fetched, until `drain` has seen everyone up to date.
   */
  async play(phase: Phase): Promise<void> {
    const { scenario, seed, startUs, durationUs } = phase;
    const { from, to } = this.#config;
    const planned = publishes(scenario, seed, durationUs).filter(({ client }) => client >= from && client < to);
    this.#drain = undefined;
    this.#agenda.play([this.#publishTrack(phase, planned), ...this.#pollTracks(scenario, seed, startUs, durationUs)]);
    const endUs = startUs + durationUs;
    await this.#until(() => this.#clock.nowUs() >= endUs, Number.POSITIVE_INFINITY);
    await this.#until(() => this.#published <= this.#tally.acknowledgedPublishes, endUs + acknowledgeWithinMs * 1000);
  }

  /** Resolves with the number of clients that lack their channel's newest version at the deadline. */
  async drain(heads: Uint32Array, withinMs: number): Promise<number> {
    const drain = watchDrain(this.#clients, heads);
    this.#drain = drain;
    const timer = setTimeout(drain.giveUp, withinMs);
    const left = await drain.drained;
    clearTimeout(timer);
    this.#agenda.stop();
    return left;
  }

  /** The window begins: forgets every distribution and receipt so far. */
  begin(): void {
    for (const recorder of [this.#delivery, this.#pollLateness, this.#publishLateness]) recorder.reset();
    this.#receipts.clear();
  }

  counters(): LoadCounters {
    return { sockets: this.#sockets.totals(), tally: { ...this.#tally } };
  }

  ledger(): readonly ClientLedger[] {
    return this.#clients.map((client) => client.ledger());
  }

  settle(updates: AcceptedUpdates, window: Window): LoadFigures {
    const downlink = createRecorder();
    const clients = this.#clients.map(({ client, channel }) => [client, channel] as const);
    const { staleUs } = settle(clients, updates, this.#receipts, window, this.#config.scenario.echo, downlink);
    return {
      delivery: this.#delivery.encoded(),
      downlink: downlink.encoded(),
      pollLateness: this.#pollLateness.encoded(),
      publishLateness: this.#publishLateness.encoded(),
      staleUs,
    };
  }

  async close(): Promise<void> {
    for (const { transport } of this.#clients) transport.close();
    await this.#agenda.close();
  }

  get #published(): number {
    return this.#tally.publishedUpdates + this.#tally.publishedInputs;
  }

  #createClients(): readonly Connected[] {
    const { transport, scenario, from, to, host, ports, seed } = this.#config;
    const codec = codecs[scenario.encoding];
    const desk: Desk = {
      clock: this.#clock,
      codec,
      semantics: scenario.semantics,
      echo: scenario.echo,
      delivery: this.#delivery,
      receipts: this.#receipts,
      tally: this.#tally,
      advanced: (client) => this.#drain?.advanced(client),
      subscribed: (client) => this.#onSubscribed(client),
    };
    return Array.from({ length: to - from }, (_, place) => {
      const client = from + place;
      const virtual = createVirtualClient(desk, client, channelOf(scenario, client));
      const context = {
        host,
        port: ports[client % ports.length]!,
        codec,
        holdMs: scenario.holdMs,
        sockets: this.#sockets,
        tally: this.#tally,
        random: randomFrom(seedFrom(seed, 'client', client)).float,
      };
      return { ...virtual, transport: openClient[transport](context, virtual.subscriber) };
    });
  }

  #publishTrack({ scenario, seed, startUs }: Phase, planned: readonly PlannedPublish[]): Track {
    const codec = codecs[scenario.encoding];
    const pool = (payload: Payload, name: string) => payloadPool(payload, scenario.encoding, seedFrom(seed, name));
    const updates = scenario.origin === 'client' ? pool(scenario.payload, 'publish-payload') : [];
    const inputs = scenario.inputs ? pool(scenario.inputs.payload, 'input-payload') : [];
    return createPublishTrack(planned, startUs, ({ client, channel, kind }, intendedUs) => {
      const from = this.#clients[client - this.#config.from]!;
      const isInput = kind === 'input';
      const payloads = isInput ? inputs : updates;
      const sequence = from.nextSequence(channel);
      const payload = payloads[(sequence + client) % payloads.length]!;
      const bytes = codec.encode({ version: sequence, channel, intendedUs, payload });
      if (isInput) this.#tally.publishedInputs++;
      else this.#tally.publishedUpdates++;
      this.#tally.publishedBytes += bytes.length;
      this.#publishLateness.record(this.#clock.nowUs() - intendedUs);
      from.transport.publish(sequence, bytes);
    });
  }

  #pollTracks(scenario: Scenario, seed: string, startUs: number, durationUs: number): readonly Track[] {
    if (!this.#clients[0]?.transport.poll) return [];
    const { from, to } = this.#config;
    const plan = {
      startUs,
      intervalUs: scenario.pollIntervalMs * 1000,
      phasesUs: pollPhasesUs(scenario, seed).slice(from, to),
    };
    const endUs = startUs + durationUs;
    return [
      createPollTrack(plan, (place, intendedUs) => {
        const client = this.#clients[place]!;
        if (intendedUs >= endUs) {
          if (!this.#drain || this.#drain.isBehind(client)) client.transport.poll?.(true);
          return;
        }
        this.#tally.intendedPolls++;
        this.#pollLateness.record(this.#clock.nowUs() - intendedUs);
        if (!client.transport.poll?.(false)) this.#tally.skippedPolls++;
      }),
    ];
  }

  async #until(done: () => boolean, deadlineUs: number): Promise<void> {
    while (!done() && this.#clock.nowUs() < deadlineUs) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function within(promise: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const inTime = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}
