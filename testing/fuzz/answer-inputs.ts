import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Load } from '../../clients/load/load.ts';
import { newEpoch } from '../../machine/process/clock.ts';
import { clientImplementations } from '../../network/route/client-implementation.ts';
import { directRoute } from '../../network/route/route.ts';
import { transports } from '../../protocol/transport.ts';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import type { Random } from '../../scenarios/random.ts';
import { hostileNumbers, hostileTexts, mutatedBytes } from './hostile.ts';
import type { Kind } from './kind.ts';

const connectWithinMs = 400;
const linger = 100;
/** Pieces that a server without end sends, and the bytes of each. */
const endless = { pieces: 200, bytes: 64 * 1024 };
const bombBytes = 200 * 1024 * 1024;
let bomb: Buffer | undefined;

/** Answers of a server that keeps to no contract, to the clients of a trial. */
export const answerKind: Kind = {
  open: async () => ({
    attempt: async (random) => {
      const answer = answerOf(random);
      const server = createServer((socket) => serve(socket, answer)).listen(0, '127.0.0.1');
      const open = new Set<Socket>();
      server.on('connection', (socket) => open.add(socket));
      await once(server, 'listening');
      const load = new Load({
        transport: random.pick(transports),
        scenario: { ...findScenario('chat-room')!, clients: 2, channels: 1 },
        from: 0,
        to: 2,
        host: '127.0.0.1',
        ports: [(server.address() as AddressInfo).port],
        route: directRoute,
        implementation: random.pick(clientImplementations),
        epoch: newEpoch(),
        seed: 'hostile',
      });
      try {
        await load.connect({ perSecond: 1_000, underWay: 1, withinMs: connectWithinMs }).catch(() => {});
        await new Promise((resolve) => setTimeout(resolve, linger));
        return undefined;
      } finally {
        load.close();
        for (const socket of open) socket.destroy();
        server.close();
      }
    },
    close: async () => {},
  }),
};

type Answer = {
  readonly pieces: readonly Buffer[];
  readonly leaves: 'end' | 'reset' | 'stay';
  readonly isRepeated: boolean;
};

function answerOf(random: Random): Answer {
  const text = Buffer.concat([head(random), body(random)]);
  const isEndless = random.integer(10) === 0;
  const pieces = isEndless
    ? [
        text,
        ...Array.from({ length: endless.pieces }, () =>
          Buffer.alloc(endless.bytes, random.pick(['a', '\n', ':', '1'])),
        ),
      ]
    : [random.integer(2) === 0 ? mutatedBytes(text, random) : text];
  return { pieces, leaves: random.pick(['end', 'reset', 'stay'] as const), isRepeated: random.integer(3) === 0 };
}

function head(random: Random): Buffer {
  const status = random.pick([101, 200, 200, 200, 200, 204, 206, 301, 302, 401, 410, 429, 500, 503, 999]);
  const headers = [
    random.pick(['Content-Type: text/event-stream', 'Content-Type: application/json']),
    ...[
      `Content-Length: ${random.pick(hostileNumbers)}`,
      'Transfer-Encoding: chunked',
      'Content-Encoding: gzip',
      'Location: http://127.0.0.1:1/',
      'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA',
      `X: ${'y'.repeat(random.integer(100_000))}`,
      'Connection: close',
    ].filter(() => random.integer(4) === 0),
  ];
  return Buffer.from(`HTTP/1.1 ${status} x\r\n${headers.join('\r\n')}\r\n\r\n`, 'latin1');
}

function body(random: Random): Buffer {
  const update = `[${random.pick([1, 2, 7, ...hostileNumbers])},${random.pick(hostileNumbers)},0,${JSON.stringify(random.pick(hostileTexts))}]`;
  switch (random.integer(6)) {
    case 0:
      return Buffer.from(`${update.length}:${update},${update.length}:${update},`);
    case 1:
      return Buffer.from(
        `id: 1\ndata: ${update}\n\nevent: gone\ndata: 1\n\nretry: ${random.pick(hostileNumbers)}\n\n:\n\n`,
      );
    case 2: {
      bomb ??= gzipSync(Buffer.alloc(bombBytes));
      return bomb;
    }
    case 3:
      return Buffer.concat([Buffer.from([random.integer(256), random.integer(256)]), random.bytes(200)]);
    case 4:
      return Buffer.from(`{"ack":[${random.pick(hostileNumbers)},${random.pick(hostileNumbers)}]}`);
    default:
      return Buffer.from(random.bytes(random.integer(2_000)));
  }
}

/** Answers at once, or each time that something is asked. */
function serve(socket: Socket, { pieces, leaves, isRepeated }: Answer): void {
  const answer = () => {
    for (const piece of pieces) if (socket.writable) socket.write(piece);
    if (leaves === 'end') socket.end();
    if (leaves === 'reset') socket.resetAndDestroy();
  };
  socket.on('error', () => {});
  if (isRepeated) socket.on('data', answer);
  else socket.once('data', answer);
}
