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

/** Consecutive bytes in one direction. */
export type Passage = { readonly direction: Direction; readonly bytes: Buffer };

/** All bytes between one fresh client and the server, and the updates among them as they travelled. */
export type Specimen = { readonly passages: readonly Passage[]; readonly updates: readonly Buffer[] };

/** Gives up waiting after this: the server may have no state, and a hold may last longer. */
const patienceMs = 4_000;
/** Waits for a reply to the last bytes that may still be on its way. */
const lingerMs = 150;

/**
 * Connects one more client, configured as those of the trial, and keeps every byte: the first poll or the handshake,
 * and the newest state. A polling client then polls once more, when there is nothing new. Under TLS the bytes are the
 * plain text inside.
 * Returns undefined over HTTP/2: header compression depends on earlier headers, so the bytes of one exchange mean
 * little alone, and Node reads them below the socket, where `tapSocket` cannot see them.
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
    update: (bytes, start, end) => {
      const update = Buffer.from(bytes.subarray(start, end));
      updates.push(update);
      receivedBytes += update.length;
      account.receive(codec.versionOf(update));
    },
    joinedEmpty: () => account.joinEmpty(),
    subscribed: () => {
      subscribed = true;
    },
    lost: () => {},
    gone: () => account.forget(),
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
      // The tap sees only sockets that are read as streams. The bytes are the same (contract/same-bytes.test.ts).
      implementation: 'library',
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
  // Short polling brings a request and its answer, long polling a held request, a stream the newest state.
  await until(() => (client.poll ? passages.length >= answered + 2 : updates.length > 0));
  await sleep(lingerMs);
  client.close();
  return {
    passages: passages.map(({ direction, parts }) => ({ direction, bytes: Buffer.concat(parts) })),
    updates,
  };
}

const noTotals = { ...noBytes, openedSockets: 0, openSockets: 0 };
