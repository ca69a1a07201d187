import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { type ByteCount, bytesAt, noBytes, sumBytes } from '../../network/sockets/socket-bytes.ts';
import { tcpKeepAliveMs } from '../../protocol/limits.ts';
import type { ClientContext } from '../subscriber/transport-client.ts';

/** Where a client's connections come from, and what they have cost. */
export type Dialler = {
  /** Opens one more. `done` is called once: with a socket that plain text is written to and read from, or with what went wrong. */
  readonly dial: (done: (error: Error | null, socket: Socket | null) => void) => void;
  /** Of all its sockets so far. */
  readonly bytes: () => ByteCount;
};

/** What is spoken inside TLS (RFC 7301). */
export type Protocol = 'http/1.1' | 'h2';

const connectTimeoutMs = 30_000;
/** What a socket may hold that nobody has read: as much as the kernel hands over at once. */
const highWaterMark = 64 * 1024;

/** Connections of one client to the server of its context, with TLS where its route says so; each raw socket is counted. */
export function createDialler(context: ClientContext, protocol: Protocol): Dialler {
  const { host, port, localAddress, route, sockets } = context;
  let session: Buffer | undefined;
  let earlier = noBytes;
  let current: readonly [raw: Socket, inside: Socket] | undefined;

  const watch = (raw: Socket, inside: Socket) => {
    if (current) earlier = sumBytes(earlier, bytesAt(...current));
    current = [raw, inside];
    sockets.watch(raw, inside);
  };
  const secure = (raw: Socket): TLSSocket => {
    const inside = connectTls({
      socket: raw,
      // Not connected to any more, but what the certificate has to be for; an address is not told (RFC 6066, 3).
      host,
      ...(isIP(host) === 0 && { servername: host }),
      secureContext: trusting(context.ca),
      ALPNProtocols: [protocol],
      ...(session && { session }),
    });
    // A ticket is good for one connection; the server sends new ones on each (RFC 8446, 4.6.1 and appendix C.4).
    if (route.tls?.resumption) {
      inside.on('session', (newest) => {
        session = newest;
      });
    }
    return inside;
  };
  return {
    dial: (done) => {
      const keepAlive = { keepAlive: true, keepAliveInitialDelay: tcpKeepAliveMs };
      // A socket takes the options of streams too, which its types do not say.
      const options = { host, port, ...(localAddress && { localAddress }), noDelay: true, ...keepAlive, highWaterMark };
      const raw = connectTcp(options);
      whenReady(raw, 'connect', (failed) => {
        if (failed) {
          done(failed, null);
          return;
        }
        const inside = route.tls ? secure(raw) : raw;
        watch(raw, inside);
        if (inside === raw) done(null, raw);
        else whenReady(inside, 'secureConnect', (error) => agree(inside, protocol, error, done));
      });
    },
    bytes: () => (current ? sumBytes(earlier, bytesAt(...current)) : noBytes),
  };
}

/** A server that takes no part in choosing (RFC 7301, 3.2) would be spoken to in HTTP/1.1 and recorded as something else. */
function agree(
  inside: Socket & { readonly alpnProtocol?: string | false | null },
  protocol: Protocol,
  error: Error | null,
  done: Parameters<Dialler['dial']>[0],
): void {
  const refused = !error && protocol === 'h2' && inside.alpnProtocol !== 'h2';
  if (refused) inside.destroy();
  const failed = refused ? new Error('HTTP/2 was not agreed on: the other end does not choose it by ALPN') : error;
  done(failed, failed ? null : inside);
}

function whenReady(socket: Socket, event: 'connect' | 'secureConnect', done: (error: Error | null) => void): void {
  let over = false;
  const finish = (error: Error | null) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    done(error);
  };
  const tooLate = () => socket.destroy(new Error(`no ${event} within ${connectTimeoutMs} ms`));
  const timer = setTimeout(tooLate, connectTimeoutMs);
  socket.once(event, () => finish(null));
  // For as long as it lives: errors that nobody else listens for would end the process.
  socket.on('error', finish);
  socket.once('close', () => finish(new Error(`closed before ${event}`)));
}

const contexts = new Map<string | undefined, SecureContext>();

/** One for all connections: reading certificates again for each would cost more than its handshake. */
function trusting(ca: string | undefined): SecureContext {
  const made = contexts.get(ca) ?? createSecureContext({ ...(ca !== undefined && { ca }), minVersion: 'TLSv1.3' });
  contexts.set(ca, made);
  return made;
}
