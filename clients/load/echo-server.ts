import { createHash } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import type { Encoding } from '../../protocol/contract-terms.ts';
import { frame } from '../../protocol/framing.ts';
import { subprotocols } from '../../protocol/socket-messages.ts';
import type { Transport } from '../../protocol/transport.ts';

/**
 * The other end of one client in the same process: says what a server would say, byte for byte, when it is told to. It
 * is no server, because it must take no time of its own.
 */
export type EchoServer = {
  readonly port: number;
  /** The next request that no one has taken yet, with the socket that it came on. */
  readonly nextRequest: () => Promise<Request>;
  readonly close: () => void;
};

export type Request = { readonly head: string; readonly socket: Socket };

const endOfHead = '\r\n\r\n';

/** Starts it on loopback. Resolves once it listens. */
export async function startEchoServer(): Promise<EchoServer> {
  const sockets = new Set<Socket>();
  const requests: Request[] = [];
  let taken = (_request: Request) => void requests.push(_request);
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    let read = '';
    socket.on('data', (bytes) => {
      read += bytes.toString('latin1');
      if (!read.endsWith(endOfHead)) return;
      taken({ head: read, socket });
      read = '';
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { readonly port: number };
  return {
    port,
    nextRequest: () =>
      new Promise((resolve) => {
        const waiting = requests.shift();
        if (waiting) {
          resolve(waiting);
          return;
        }
        taken = (request) => {
          taken = (later) => void requests.push(later);
          resolve(request);
        };
      }),
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** What comes before the first update on a connection; empty where every update is an answer of its own. */
export function openingOf(transport: Transport, encoding: Encoding, request: string): Buffer {
  switch (transport) {
    case 'short-polling':
    case 'long-polling':
      return Buffer.alloc(0);
    case 'sse':
      return head('200 OK', ['Content-Type: text/event-stream', 'Transfer-Encoding: chunked', ...always]);
    case 'websocket':
      return head('101 Switching Protocols', [
        'Upgrade: websocket',
        'Connection: Upgrade',
        `Sec-WebSocket-Accept: ${acceptOf(request)}`,
        `Sec-WebSocket-Protocol: ${subprotocols[encoding]}`,
      ]);
  }
}

/** An encoded update as it travels, without compression: as a whole answer, an event in a chunk, or a message. */
export function travelling(transport: Transport, encoding: Encoding, version: number, update: Uint8Array): Buffer {
  switch (transport) {
    case 'short-polling':
    case 'long-polling':
      return answer(encoding, frame(update));
    case 'sse': {
      const data = Buffer.from(update).toString(encoding === 'binary' ? 'base64' : 'utf8');
      return chunk(Buffer.from(`id: ${version}\ndata: ${data}\n\n`, 'utf8'));
    }
    case 'websocket':
      return message(encoding, update);
  }
}

const always = ['Cache-Control: no-store', `Date: ${new Date(0).toUTCString()}`, 'Connection: keep-alive'];

function head(status: string, lines: readonly string[]): Buffer {
  return Buffer.from(`HTTP/1.1 ${status}\r\n${lines.join('\r\n')}${endOfHead}`, 'latin1');
}

function answer(encoding: Encoding, body: Uint8Array): Buffer {
  const type = encoding === 'binary' ? 'application/octet-stream' : 'application/json';
  const lines = [`Content-Type: ${type}`, `Content-Length: ${body.length}`, ...always, 'Keep-Alive: timeout=600'];
  return Buffer.concat([head('200 OK', lines), body]);
}

/** RFC 9112, 7.1. */
function chunk(data: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`, 'latin1'), data, Buffer.from('\r\n', 'latin1')]);
}

/** A whole message of a server, which is not masked (RFC 6455, 5.2). */
function message(encoding: Encoding, data: Uint8Array): Buffer {
  const first = 0x80 | (encoding === 'binary' ? 2 : 1);
  if (data.length < 126) return Buffer.concat([Buffer.of(first, data.length), data]);
  const length = Buffer.alloc(data.length < 65_536 ? 2 : 8);
  if (length.length === 2) length.writeUInt16BE(data.length);
  else length.writeBigUInt64BE(BigInt(data.length));
  return Buffer.concat([Buffer.of(first, length.length === 2 ? 126 : 127), length, data]);
}

/** RFC 6455, 4.2.2. */
function acceptOf(request: string): string {
  const key = /^sec-websocket-key: *(\S+)/im.exec(request)?.[1] ?? '';
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}
