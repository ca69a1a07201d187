import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from 'simple-statistics';
import type { Clock } from '../../machine/process/clock.ts';
import { directRoute } from '../../network/route/route.ts';
import { noBytes } from '../../network/sockets/socket-bytes.ts';
import { type Codec, codecs } from '../../protocol/codec.ts';
import { createExchangeLog } from '../../protocol/exchange.ts';
import { payloadPool } from '../../scenarios/payload/payloads.ts';
import { channelOf } from '../../scenarios/scenario.ts';
import { seedFrom } from '../../scenarios/seed.ts';
import { emptyLoadTally, type Subscriber, type TransportClient } from '../subscriber/transport-client.ts';
import { openClient } from '../transports.ts';
import type { LoadConfig } from './crowd.ts';
import { type EchoServer, openingOf, type Request, startEchoServer, travelling } from './echo-server.ts';

/** What the clients of one process add to a delivery by themselves. */
export type ClientWork = { readonly medianUs: number; readonly echoes: number };

const rounds = 60;
/** The first ones run code that was not run for a while. */
const unusedRounds = 10;
/** In a trial, too, some time passes from one update to the next, in which caches cool. */
const pauseMs = 4;
/** More clients of one process wait for each other in the same way. */
const mostClients = 100;
const withinMs = 4_000;

/**
 * How long clients take from the bytes of an update to its receipt, with short polling also from the poll to the bytes of
 * the request: they get updates of the scenario's size from their own process, and bare sockets get the same bytes, in
 * turns. The difference of the medians is what the clients add: our parsers, or the HTTP or WebSocket library, and the
 * framing. Where an update is pushed to several clients at once, as many take part, because each waits for those that
 * are read before it.
 *
 * Undefined over TLS, HTTP/2 or compression, which the echo does not speak, and on a machine too busy for one round in
 * two.
 */
export async function measureClientWork(config: LoadConfig, clock: Clock): Promise<ClientWork | undefined> {
  const { tls, http, compression } = config.route;
  if (tls !== null || http === 2 || compression !== null) return undefined;
  const server = await startEchoServer();
  const echo = openEcho(config, clock, server);
  const played: Round[] = [];
  const giveUp = new AbortController();
  const patience = sleep(withinMs, undefined, { signal: giveUp.signal, ref: false }).catch(() => {});
  // What still waits for an answer at the end waits for ever, and holds nothing but memory.
  await Promise.race([playRounds(echo, played, giveUp.signal), patience]);
  giveUp.abort();
  echo.close();
  server.close();
  const used = played.slice(unusedRounds);
  if (used.length < rounds / 2) return undefined;
  const [clients, bare] = [used.flatMap((round) => round.clientsUs), used.flatMap((round) => round.bareUs)];
  return { medianUs: Math.max(0, median(clients) - median(bare)), echoes: clients.length };
}

/** Microseconds that each client and each bare socket took. */
type Round = { readonly clientsUs: readonly number[]; readonly bareUs: readonly number[] };

type Echo = {
  readonly open: () => Promise<void>;
  readonly throughClients: () => Promise<readonly number[]>;
  readonly toBareSockets: () => Promise<readonly number[]>;
  readonly close: () => void;
};

async function playRounds(echo: Echo, played: Round[], signal: AbortSignal): Promise<void> {
  await echo.open();
  while (played.length < unusedRounds + rounds && !signal.aborted) {
    await sleep(pauseMs);
    const clientsUs = await echo.throughClients();
    await sleep(pauseMs);
    played.push({ clientsUs, bareUs: await echo.toBareSockets() });
  }
}

function openEcho(config: LoadConfig, clock: Clock, server: EchoServer): Echo {
  const { scenario, transport } = config;
  const codec = codecs[scenario.encoding];
  const polls = transport === 'short-polling';
  const payloads = payloadPool(scenario.payload, scenario.encoding, seedFrom(config.seed, 'echo-payload'));
  let version = 0;
  let received = () => {};
  const listener = { newest: () => version, received: () => received() };
  const clients = Array.from({ length: audienceOf(config) }, () =>
    openListener(config, clock, server.port, codec, listener),
  );
  /** The other ends of the clients' connections. */
  let ends: readonly Request[] = [];
  const bare: { readonly here: Socket; readonly there: Socket }[] = [];
  const nextBytes = () => {
    version++;
    const payload = payloads[version % payloads.length]!;
    const update = codec.encode({ version, channel: 0, intendedUs: clock.nowUs(), payload });
    return travelling(transport, scenario.encoding, version, update);
  };
  const requestOfEach = async (what: readonly unknown[]) => {
    const requests: Request[] = [];
    while (requests.length < what.length) requests.push(await server.nextRequest());
    return requests;
  };
  /** Resolves with the times from `send` until `received` has been called once for each of `what`. */
  const timed = (what: readonly unknown[], send: () => void) =>
    new Promise<readonly number[]>((resolve) => {
      const tookUs: number[] = [];
      const sentUs = nowUs();
      received = () => {
        tookUs.push(nowUs() - sentUs);
        if (tookUs.length === what.length) resolve(tookUs);
      };
      send();
    });
  return {
    open: async () => {
      for (const client of clients) {
        client.connect();
        const request = await server.nextRequest();
        request.socket.write(openingOf(transport, scenario.encoding, request.head));
        ends = [...ends, request];
        const here = connect({ host: '127.0.0.1', port: server.port, noDelay: true });
        here.write('GET / HTTP/1.1\r\n\r\n');
        bare.push({ here, there: (await server.nextRequest()).socket });
      }
      // The answer to the first poll, which was sent to connect.
      if (polls) await timed(clients, () => ends[0]!.socket.write(nextBytes()));
    },
    throughClients: async () => {
      const bytes = nextBytes();
      if (polls) {
        const answered = server.nextRequest().then(({ socket }) => socket.write(bytes));
        const tookUs = await timed(clients, () => clients[0]!.poll?.(false));
        await answered;
        return tookUs;
      }
      const tookUs = await timed(clients, () => {
        for (const { socket } of ends) socket.write(bytes);
      });
      if (transport === 'long-polling') ends = await requestOfEach(clients);
      return tookUs;
    },
    toBareSockets: async () => {
      const bytes = nextBytes();
      const stop = bare.map(({ here }) => onWhole(here, bytes.length, () => received()));
      const answered = polls ? server.nextRequest().then(({ socket }) => socket.write(bytes)) : undefined;
      const tookUs = await timed(bare, () => {
        for (const { here, there } of bare) {
          if (polls) here.write(ends[0]!.head, 'latin1');
          else there.write(bytes);
        }
      });
      await answered;
      for (const each of stop) each();
      return tookUs;
    },
    close: () => {
      for (const client of clients) client.close();
      for (const { here } of bare) here.destroy();
    },
  };
}

/** How many clients of this process get an update at once. Polls come one by one, each at its own instant. */
function audienceOf({ transport, scenario, from, to }: LoadConfig): number {
  if (transport === 'short-polling') return 1;
  return Math.max(1, Math.min(mostClients, Math.round((to - from) / scenario.channels)));
}

/** Calls `act` when this many bytes have come. Returns a function that stops listening. */
function onWhole(socket: Socket, bytes: number, act: () => void): () => void {
  let leftBytes = bytes;
  const onData = (chunk: Buffer) => {
    leftBytes -= chunk.length;
    if (leftBytes <= 0) act();
  };
  socket.on('data', onData);
  return () => socket.off('data', onData);
}

type Listener = { readonly newest: () => number; readonly received: () => void };

/** A further client of the trial's transport, which asks the echo. */
function openListener(
  { scenario, transport, route, implementation }: LoadConfig,
  clock: Clock,
  port: number,
  codec: Codec,
  { newest, received }: Listener,
): TransportClient {
  const subscriber: Subscriber = {
    client: scenario.clients,
    channel: channelOf(scenario, 0),
    after: newest,
    update: received,
    joinedEmpty: () => {},
    subscribed: () => {},
    lost: () => {},
    gone: () => {},
    acknowledged: () => {},
    compressed: () => {},
    receivedBytes: () => 0,
  };
  const context = {
    host: '127.0.0.1',
    port,
    // Without the proxy, which the echo is in place of.
    route: { ...directRoute, headers: route.headers, cookieBytes: route.cookieBytes },
    implementation,
    codec,
    holdMs: scenario.holdMs,
    publishes: false,
    sockets: { watch: () => {}, totals: () => ({ ...noBytes, openedSockets: 0, openSockets: 0 }) },
    tally: emptyLoadTally(),
    exchange: createExchangeLog(clock),
    random: () => 0.5,
  };
  return openClient[transport](context, subscriber);
}

/** Finer than the trial's clock, whose microseconds are whole. */
function nowUs(): number {
  return performance.now() * 1000;
}
