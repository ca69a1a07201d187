import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../machine/process/clock.ts';
import { noBytes } from '../../network/sockets/socket-bytes.ts';
import { type Direction, tapSocket } from '../../network/sockets/socket-tap.ts';
import { codecs } from '../../protocol/codec.ts';
import { createExchangeLog } from '../../protocol/exchange.ts';
import { channelOf } from '../../scenarios/scenario.ts';
import { openAccount } from '../subscriber/ledger.ts';
import { emptyLoadTally, type Subscriber } from '../subscriber/transport-client.ts';
import { openClient } from '../transports.ts';
import type { LoadConfig } from './crowd.ts';

/** Bytes that went one way without any the other way between them. */
export type Passage = { readonly direction: Direction; readonly bytes: Buffer };

/** Everything one fresh client and the server said to each other, and the updates that were in it, as they travelled. */
export type Specimen = { readonly passages: readonly Passage[]; readonly updates: readonly Buffer[] };

/** Whatever has not come by then is not in it: the server may have no state, and a hold is longer. */
const patienceMs = 4_000;
/** What answers the last of it may still be on its way. */
const lingerMs = 150;

/**
 * Connects one more client as those of the trial are, and keeps every byte: the question, or the handshake, and the newest
 * state; where the client asks, it asks once more, when there is nothing new. Under TLS the bytes are those inside it.
 *
 * Undefined over HTTP/2: its headers are compressed with what went before, so that the bytes of one exchange say little by
 * themselves, and Node takes them from below the socket, where no tap is.
 */
export async function captureSpecimen(config: LoadConfig, clock: Clock): Promise<Specimen | undefined> {
  const { scenario, transport } = config;
  if (config.route.http === 2 && transport !== 'websocket') return undefined;
  const passages: { readonly direction: Direction; readonly parts: Buffer[] }[] = [];
  const updates: Buffer[] = [];
  const account = openAccount(scenario.semantics);
  const codec = codecs[scenario.encoding];
  let subscribed = false;
  let receivedBytes = 0;
  const subscriber: Subscriber = {
    client: scenario.clients,
    channel: channelOf(scenario, 0),
    after: () => account.newest,
    update: (bytes) => {
      updates.push(Buffer.from(bytes));
      receivedBytes += bytes.length;
      account.receive(codec.versionOf(bytes));
    },
    joinedEmpty: account.joinEmpty,
    subscribed: () => {
      subscribed = true;
    },
    lost: () => {},
    gone: account.forget,
    acknowledged: () => {},
    compressed: (wire) => updates.push(...wire.map((bytes) => Buffer.from(bytes))),
    receivedBytes: () => receivedBytes,
  };
  const watch = (direction: Direction, bytes: Buffer) => {
    const last = passages.at(-1);
    if (last?.direction === direction) last.parts.push(bytes);
    else passages.push({ direction, parts: [bytes] });
  };
  const client = openClient[transport](
    {
      host: config.host,
      port: config.ports[0]!,
      route: config.route,
      ...(config.ca !== undefined && { ca: config.ca }),
      codec,
      holdMs: scenario.holdMs,
      publishes: false,
      sockets: { watch: (raw, inside = raw) => tapSocket(inside, watch), totals: () => noTotals },
      tally: emptyLoadTally(),
      exchange: createExchangeLog(clock),
      random: () => 0.5,
    },
    subscriber,
  );
  const until = async (holds: () => boolean) => {
    const deadline = performance.now() + patienceMs;
    while (!holds() && performance.now() < deadline) await sleep(5);
  };
  client.connect();
  await until(() => subscribed);
  const answered = passages.length;
  client.poll?.(false);
  // A poll brings a question and its answer, long polling a question that is held, a stream its newest state.
  await until(() => (client.poll ? passages.length >= answered + 2 : updates.length > 0));
  await sleep(lingerMs);
  client.close();
  return {
    passages: passages.map(({ direction, parts }) => ({ direction, bytes: Buffer.concat(parts) })),
    updates,
  };
}

const noTotals = { ...noBytes, openedSockets: 0, openSockets: 0 };
