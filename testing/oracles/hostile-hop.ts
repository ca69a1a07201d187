import { randomBytes } from 'node:crypto';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** A client's socket, behind a count of what is written to it. */
type Client = { readonly socket: Socket; readonly send: (bytes: Buffer) => void };

/** What a hop does, once it has turned hostile, with a piece that the server sends to a client. */
type Way = (piece: Buffer, client: Client) => void;

const endless = { pieces: 800, bytes: 64 * 1024 };

function head(status: string, ...headers: readonly string[]): Buffer {
  return Buffer.from(`HTTP/1.1 ${status}\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`, 'latin1');
}

/** Writes much more than a client may keep, until it leaves. */
function flood({ socket, send }: Client, first: Buffer, piece: Buffer): void {
  send(first);
  for (let count = 0; count < endless.pieces && socket.writable; count++) send(piece);
}

/** The front of an encoded update in JSON. */
const front = /\[\d{1,15},\d{1,15},\d{1,15},/g;
const longestFront = 1 + 3 * 16;

let bomb: Buffer | undefined;
const held = new WeakMap<Socket, Buffer>();

export const ways = {
  junk: (piece, { send }) => send(randomBytes(piece.length)),
  'cuts at once': (_piece, { socket }) => void socket.destroy(),
  'resets at once': (_piece, { socket }) => void socket.resetAndDestroy(),
  'closes at once': (_piece, { socket }) => void socket.end(),
  swallows: () => {},
  'sends twice': (piece, { send }) => send(Buffer.concat([piece, piece])),
  'swaps pieces': (piece, { socket, send }) => {
    const before = held.get(socket);
    if (before) send(Buffer.concat([piece, before]));
    if (before) held.delete(socket);
    else held.set(socket, piece);
  },
  'sends one half': (piece, { send }) => send(piece.subarray(0, piece.length / 2)),
  'flips a bit': (piece, { send }) => {
    const changed = Buffer.from(piece);
    // In the front, where no payload hides it.
    changed[Math.min(2, changed.length - 1)]! ^= 0x40;
    send(changed);
  },
  // As long as before, so that everything around the updates is as it should be.
  'spoils fronts': (piece, { send }) => {
    const spoilt = piece.toString('latin1').replaceAll(front, (text) => `x${text.slice(1)}`);
    send(Buffer.from(spoilt, 'latin1'));
  },
  'gzip bomb': (_piece, { send }) => {
    bomb ??= gzipSync(Buffer.alloc(100 * 1024 * 1024));
    const type = 'Content-Type: text/event-stream';
    send(Buffer.concat([head('200 OK', type, 'Content-Encoding: gzip', `Content-Length: ${bomb.length}`), bomb]));
  },
  'endless body': (_piece, client) =>
    flood(client, head('200 OK', 'Content-Type: text/event-stream'), Buffer.alloc(endless.bytes, 'x')),
  'endless chunks': (_piece, client) =>
    flood(client, head('200 OK', 'Transfer-Encoding: chunked'), Buffer.from('1\r\nx\r\n'.repeat(5_000))),
  'endless headers': (_piece, client) =>
    flood(client, Buffer.from('HTTP/1.1 200 OK\r\n'), Buffer.from(`X: ${'y'.repeat(60_000)}\r\n`)),
  redirects: (_piece, { send }) => send(head('302 Found', 'Location: http://127.0.0.1:1/updates', 'Content-Length: 0')),
  'wrong accept key': (_piece, { send }) =>
    send(head('101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Accept: x')),
  'giant frame': (_piece, { send }) => send(Buffer.from([0x82, 0x7f, 0x00, 0x0f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])),
} as const satisfies Readonly<Record<string, Way>>;

export type WayName = keyof typeof ways;

/** Ways after which nothing useful can reach a client: what is sent then is lost. */
export const silencing: ReadonlySet<WayName> = new Set<WayName>([
  'junk',
  'cuts at once',
  'resets at once',
  'closes at once',
  'swallows',
  'spoils fronts',
  'gzip bomb',
  'endless body',
  'endless chunks',
  'endless headers',
  'redirects',
  'wrong accept key',
  'giant frame',
]);

/**
 * Counts the updates in JSON whose fronts, `[version,intendedUs,channel,`, are in what is written to one socket.
 * The server's frames are not masked and nothing is compressed, so fronts can be seen in every transport. What follows a
 * front may be cut off: the count is the most that the client can have received.
 */
export function countFronts(): { readonly add: (bytes: Buffer) => number } {
  // A front may lie in two pieces.
  let carried = '';
  return {
    add: (bytes) => {
      const text = carried + bytes.toString('latin1');
      let count = 0;
      let end = 0;
      for (const match of text.matchAll(front)) {
        count++;
        end = match.index + match[0].length;
      }
      carried = text.slice(Math.max(end, text.length - (longestFront - 1)));
      return count;
    },
  };
}

export type HostileHop = {
  readonly port: number;
  /** Updates that were written to clients, over all sockets, before and after it turned: at most so many can be received. */
  readonly passed: () => number;
  readonly close: () => Promise<void>;
};

/** Updates that are passed on before the hop turns hostile: their number, as a busy machine shifts any time. */
const passedBeforeTurn = 15;

/** Passes bytes on between clients and a server until so many updates have passed: from then on, one of the ways. */
export async function startHostileHop(targetPort: number, way: WayName): Promise<HostileHop> {
  const open = new Set<Socket>();
  let passed = 0;
  let hasTurned = false;
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(one);
      one.on('error', () => {});
      one.once('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
    const fronts = countFronts();
    const send = (bytes: Buffer) => {
      passed += fronts.add(bytes);
      hasTurned ||= passed >= passedBeforeTurn;
      client.write(bytes);
    };
    client.on('data', (piece: Buffer) => upstream.write(piece));
    upstream.on('data', (piece: Buffer) => {
      if (hasTurned) ways[way](piece, { socket: client, send });
      else send(piece);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    passed: () => passed,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
