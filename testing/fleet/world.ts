import { type Account, openAccount } from '../../clients/subscriber/ledger.ts';
import type { ProcessSample } from '../../machine/process/process-sample.ts';
import type { Scheduler } from '../../machine/process/scheduler.ts';
import { createSelfTick, type SelfTick } from '../../machine/process/self-tick.ts';
import type { SocketTotals } from '../../network/sockets/socket-bytes.ts';
import type { AcceptedUpdates } from '../../protocol/accepted-updates.ts';
import type { Semantics } from '../../protocol/contract-terms.ts';
import { acceptedRows, type GivenUpdate } from '../by-hand/readings.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What is true of every trial in the simulated world. Recorders keep times below 2,048 µs exactly. */
export const truth = {
  /** From the intended instant to acceptance, and from there to receipt. */
  acceptUs: 300,
  deliverUs: 700,
  /** From a client's connect until it is subscribed. */
  setUpUs: 1_500,
  /** From the cut of a connection until the client is subscribed again. */
  backUs: 2_000,
  /** Bytes at the sockets. */
  bytes: {
    request: 200,
    requestAnswer: 90,
    /** What an update has besides its payload. */
    updateHead: 36,
    /** An update with the payload of `tinyScenario`, 64 bytes. */
    update: 100,
    updateFraming: 20,
    publish: 60,
    publishFraming: 30,
    publishAnswer: 40,
  },
  /** Share of one core that a process of each role uses. */
  cpuShare: { server: 0.25, load: 0.125, source: 0.0625, relay: 0.03125, backplane: 0.5, proxy: 0.375 },
  /** Resident bytes of every process: at its start, and for each subscribed client and each accepted update. */
  rss: { start: 20_000_000, client: 10_000, update: 100 },
  heapBytes: 4_000_000,
  externalBytes: 1_000_000,
  kernelBytesPerClient: 4_096,
  slabBytes: 50_000_000,
  slabBytesPerClient: 9_000,
  /** Busy share of the servers' core, whatever keeps it busy. */
  hostBusyShare: 0.5,
  clockUncertaintyUs: 1.5,
  /** Wall-clock time at the start of virtual time, in milliseconds since 1970. */
  beginsMs: Date.UTC(2026, 0, 1),
  /** What a client adds to each delivery. */
  clientWorkUs: 130,
  spinUs: 100,
  /** The small task of a noise watch: its interval, its duration, and its CPU time. */
  task: { everyUs: 50_000, tookUs: 80, cpuMs: 0.125 },
} as const;

const never = { fromMs: Number.POSITIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };

/** Fate of one delivery: `conflated` is skipped and counted by the server; `lost` is not counted. */
type Fate = 'delivered' | 'lost' | 'twice' | 'conflated';

type Delivery = {
  readonly client: number;
  readonly channel: number;
  readonly version: number;
  readonly intendedUs: number;
};

export type DecideFate = (delivery: Delivery) => Fate;

/** When one process does not run, in milliseconds from the start of the phase. What is due then happens at the end. */
export type Stop = { readonly name: string; readonly fromMs: number; readonly toMs: number };

/** Called when something happens to a client of one load process. */
export type Audience = {
  readonly received: (delivery: Delivery) => void;
  readonly lost: (client: WorldClient) => void;
  readonly subscribed: (client: WorldClient) => void;
};

export type WorldClient = {
  readonly client: number;
  readonly channel: number;
  readonly account: Account;
  readonly audience: Audience;
  /** The name of its server; undefined while it has none. */
  server: string | undefined;
  /** Deliveries that came while it had no server. */
  readonly missed: Delivery[];
};

/**
 * Simulates what the processes of a memory fleet do together: one stream of updates, its clients, and all durations.
 */
export class World {
  readonly #time: VirtualTime;
  readonly #fate: DecideFate;
  readonly #stop: Stop | undefined;
  readonly #cancel = new Set<() => void>();
  readonly clients: WorldClient[] = [];
  readonly servers: string[] = [];
  /** What each load process has counted at its sockets. */
  readonly loadSockets: (() => SocketTotals)[] = [];
  /** Number of conflated updates by client. */
  readonly conflated = new Map<number, number>();
  #accepted: GivenUpdate[] = [];
  acceptedEver = 0;
  acceptedFromSource = 0;
  heads = new Uint32Array();
  echo = true;
  semantics: Semantics = 'every';
  clock: Scheduler;
  /** Of the updates in the phase that was prepared last. */
  payloadBytes = 0;
  #phaseUs = 0;

  constructor(time: VirtualTime, fate: DecideFate = () => 'delivered', stop?: Stop) {
    this.#time = time;
    this.#fate = fate;
    this.#stop = stop;
    this.clock = time.startScheduler();
  }

  /** Calls `act` after this many microseconds, unless the world has ended by then. */
  after(us: number, act: () => void): void {
    const cancel = this.#time.after(us, () => {
      this.#cancel.delete(cancel);
      act();
    });
    this.#cancel.add(cancel);
  }

  at(atUs: number, act: () => void): void {
    this.after(atUs - this.clock.nowUs(), act);
  }

  /** A phase begins at this instant. */
  play(startUs: number): void {
    this.#phaseUs = startUs;
  }

  /** Calls `act` at this instant, at once if it is now, or when the process runs again. */
  atProcess(name: string, atUs: number, act: () => void): void {
    const { fromMs, toMs } = this.#stop?.name === name ? this.#stop : never;
    const isStopped = atUs >= this.#phaseUs + fromMs * 1000 && atUs < this.#phaseUs + toMs * 1000;
    if (isStopped) this.at(this.#phaseUs + toMs * 1000, act);
    else if (atUs <= this.clock.nowUs()) act();
    else this.at(atUs, act);
  }

  /** The tick of a process. One that is never stopped ticks in time, which would only cost the test its time. */
  selfTickOf(name: string): SelfTick {
    if (this.#stop?.name !== name) return { begin: () => {}, end: () => [], clock: this.clock };
    const every = (ms: number, act: () => void) => {
      let ended = false;
      const again = () =>
        this.atProcess(name, this.clock.nowUs() + ms * 1000, () => {
          if (ended) return;
          act();
          again();
        });
      again();
      return () => {
        ended = true;
      };
    };
    return createSelfTick({ ...this.clock, every });
  }

  end(): void {
    for (const cancel of this.#cancel) cancel();
  }

  join(client: number, channel: number, audience: Audience): WorldClient {
    const joined = { client, channel, account: openAccount(this.semantics), audience, server: undefined, missed: [] };
    this.clients.push(joined);
    return joined;
  }

  /** Subscribes a client now. Its number decides to which server. */
  subscribe(client: WorldClient): void {
    client.server = this.servers[client.client % this.servers.length];
    client.account.joinEmpty();
    client.audience.subscribed(client);
    for (const delivery of client.missed.splice(0)) this.#receive(client, delivery);
  }

  /** Publishes an update now. It is accepted `acceptUs` later. */
  publish(channel: number, publisher: number, intendedUs = this.clock.nowUs()): void {
    this.after(truth.acceptUs, () => this.#accept(channel, publisher, intendedUs));
  }

  /** These clients lose their connection now, and subscribe again `backUs` later. */
  cut(clients: readonly WorldClient[]): void {
    for (const client of clients) {
      client.server = undefined;
      client.audience.lost(client);
      this.after(truth.backUs, () => this.subscribe(client));
    }
  }

  /** Begins the window: forgets which updates were accepted so far. */
  begin(): void {
    this.#accepted = [];
  }

  /** The updates that were accepted since the window began. */
  updates(): AcceptedUpdates {
    return acceptedRows(...this.#accepted);
  }

  subscribedClients(): number {
    return this.clients.filter(({ server }) => server !== undefined).length;
  }

  /** What a process that started at `startedUs` has used so far. */
  sample(cpuShare: number, startedUs: number): ProcessSample {
    const elapsedUs = this.#time.nowUs - startedUs;
    const { start, client, update } = truth.rss;
    return {
      cpuUs: cpuShare * elapsedUs,
      rssBytes: start + client * this.subscribedClients() + update * this.acceptedEver,
      heapBytes: truth.heapBytes,
      externalBytes: truth.externalBytes,
      eventLoop: { idleMs: ((1 - cpuShare) * elapsedUs) / 1000, activeMs: (cpuShare * elapsedUs) / 1000 },
      spunMs: 0,
    };
  }

  #accept(channel: number, publisher: number, intendedUs: number): void {
    const version = ++this.heads[channel]!;
    this.acceptedEver++;
    if (publisher < 0) this.acceptedFromSource++;
    this.#accepted.push({ channel, version, publisher, intendedUs, acceptedUs: this.clock.nowUs() });
    for (const client of this.clients) {
      if (client.channel !== channel) continue;
      if (client.client === publisher && !this.echo) client.account.own(version);
      else this.#send(client, { client: client.client, channel, version, intendedUs });
    }
  }

  #send(client: WorldClient, delivery: Delivery): void {
    const fate = this.#fate(delivery);
    if (fate === 'conflated') this.conflated.set(client.client, (this.conflated.get(client.client) ?? 0) + 1);
    if (fate === 'conflated' || fate === 'lost') return;
    for (let times = fate === 'twice' ? 2 : 1; times > 0; times--) {
      this.after(truth.deliverUs, () => this.#receive(client, delivery));
    }
  }

  #receive(client: WorldClient, delivery: Delivery): void {
    if (client.server === undefined) {
      client.missed.push(delivery);
      return;
    }
    client.account.receive(delivery.version);
    client.audience.received(delivery);
  }
}
