import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Transport } from '../../protocol/transport.ts';
import { openEditor, type Tamper } from './message-editor.ts';

export type TamperingHop = { readonly port: number; readonly close: () => Promise<void> };

/**
 * Sits between clients and a server on real sockets. It passes all bytes on, except updates, which go through a
 * `Tamper` of each connection. To the clients it is a server whose truth is known.
 */
export async function startTamperingHop(
  targetPort: number,
  transport: Transport,
  openTamper: () => Tamper,
): Promise<TamperingHop> {
  const open = new Set<Socket>();
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
    join(client, upstream, transport, openTamper());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

function join(client: Socket, upstream: Socket, transport: Transport, tamper: Tamper): void {
  const edit = openEditor[transport](tamper);
  let lastRequest = '';
  let waiting: Buffer = Buffer.alloc(0);
  client.on('data', (chunk: Buffer) => {
    lastRequest = chunk.toString('latin1');
    upstream.write(chunk);
  });
  upstream.on('data', (chunk: Buffer) => {
    const { edited, rest } = edit(Buffer.concat([waiting, chunk]));
    waiting = rest;
    for (const each of edited) {
      if ('bytes' in each) client.write(each.bytes);
      else upstream.write(askedAfter(lastRequest, each.askAgainAfter));
    }
  });
}

/** The poll that a client would send if it had this version. */
function askedAfter(request: string, version: number): string {
  const [line = '', ...headers] = request.split('\r\n');
  const url = /[?&]after=/.test(line) ? line.replace(/([?&]after=)\d+/, `$1${version}`) : withAfter(line, version);
  return [url, ...headers].join('\r\n');
}

function withAfter(line: string, version: number): string {
  return line.replace(' HTTP/', `&after=${version} HTTP/`);
}
