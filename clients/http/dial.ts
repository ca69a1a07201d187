import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { type ByteCount, bytesAt, noBytes, sumBytes } from '../../network/sockets/socket-bytes.ts';
import { tcpKeepAliveMs } from '../../protocol/limits.ts';
import type { ClientContext } from '../subscriber/transport-client.ts';

/** Opens a client's connections and counts their bytes. */
export type Dialler = {
  /**
   * Opens a connection. `done` is called once, with an error or with a socket for plain text. With a receiver the socket
   * is read from the start, and must not be read as a stream.
   */
  dial(done: Done, receiver?: Receiver): void;
  /** Bytes of all its sockets so far. */
  bytes(): ByteCount;
};

type Done = (error: Error | null, socket: Socket | null) => void;

export type Receiver = {
  /** What a socket received: bytes `start` to `end` (exclusive), valid only during the call. Must not throw. */
  receive(bytes: Uint8Array, start: number, end: number, socket: Socket): void;
};

/** Protocol inside TLS, by ALPN (RFC 7301). */
export type Protocol = 'http/1.1' | 'h2';

const connectTimeoutMs = 30_000;
/** Bytes that a socket may buffer unread: as many as the kernel delivers at once. */
const highWaterMark = 64 * 1024;
/** One for all sockets of this process: what is read is parsed at once. */
const readBuffer = Buffer.allocUnsafeSlow(highWaterMark);

/** Dials the server of the context, with TLS where the route has it; every raw socket is counted. */
export function createDialler(context: ClientContext, protocol: Protocol): Dialler {
  return new CountingDialler(context, protocol);
}

/** A class, because a process has thousands. */
class CountingDialler implements Dialler {
  readonly #context: ClientContext;
  readonly #protocol: Protocol;
  #session: Buffer | undefined;
  #earlier = noBytes;
  #raw: Socket | undefined;
  /** What speaks plain text; without TLS the same. */
  #inside: Socket | undefined;

  constructor(context: ClientContext, protocol: Protocol) {
    this.#context = context;
    this.#protocol = protocol;
  }

  dial(done: Done, receiver?: Receiver): void {
    const { host, port, localAddress, route } = this.#context;
    const keepAlive = { keepAlive: true, keepAliveInitialDelay: tcpKeepAliveMs };
    // A socket also takes stream options; its types omit them.
    const options = { host, port, ...(localAddress && { localAddress }), noDelay: true, ...keepAlive, highWaterMark };
    const raw: Socket = connectTcp(
      receiver && !route.tls ? { ...options, onread: { buffer: readBuffer, callback } } : options,
    );
    // Reads without a stream and without a buffer for each read. Here, so that it finds all that it needs in one place.
    function callback(bytes: number): boolean {
      receiver?.receive(readBuffer, 0, bytes, raw);
      return true;
    }
    whenReady(raw, 'connect', (failed) => {
      if (failed) done(failed, null);
      else this.#connected(raw, done, receiver);
    });
  }

  bytes(): ByteCount {
    return this.#raw && this.#inside ? sumBytes(this.#earlier, bytesAt(this.#raw, this.#inside)) : noBytes;
  }

  #connected(raw: Socket, done: Done, receiver: Receiver | undefined): void {
    const inside = this.#context.route.tls ? this.#secure(raw) : raw;
    // `tls.connect` ignores `onread` where it is given a socket, and only the raw socket counts encrypted bytes.
    if (receiver && inside !== raw) {
      inside.on('data', (chunk: Buffer) => receiver.receive(chunk, 0, chunk.length, inside));
    }
    this.#earlier = this.bytes();
    this.#raw = raw;
    this.#inside = inside;
    this.#context.sockets.watch(raw, inside);
    if (inside === raw) done(null, raw);
    else whenReady(inside, 'secureConnect', (error) => agree(inside, this.#protocol, error, done));
  }

  #secure(raw: Socket): TLSSocket {
    const { host, route, ca } = this.#context;
    const inside = connectTls({
      socket: raw,
      // Only for verifying the certificate: the socket is already connected. SNI carries names, never addresses (RFC
      // 6066, 3).
      host,
      ...(isIP(host) === 0 && { servername: host }),
      secureContext: trusting(ca),
      ALPNProtocols: [this.#protocol],
      ...(this.#session && { session: this.#session }),
    });
    // A ticket is good for one connection; the server sends new ones on each (RFC 8446, 4.6.1 and appendix C.4).
    if (route.tls?.resumption) {
      inside.on('session', (newest) => {
        this.#session = newest;
      });
    }
    return inside;
  }
}

/** Without this check, a server without ALPN (RFC 7301, 3.2) would be spoken to in HTTP/1.1 and recorded as HTTP/2. */
function agree(
  inside: Socket & { readonly alpnProtocol?: string | false | null },
  protocol: Protocol,
  error: Error | null,
  done: Done,
): void {
  const refused = !error && protocol === 'h2' && inside.alpnProtocol !== 'h2';
  if (refused) inside.destroy();
  const failed = refused ? new Error('HTTP/2 was not agreed on: the other end does not choose it by ALPN') : error;
  done(failed, failed ? null : inside);
}

function whenReady(socket: Socket, event: 'connect' | 'secureConnect', done: (error: Error | null) => void): void {
  const finish = (error: Error | null) => {
    clearTimeout(timer);
    socket.off(event, ready).off('close', closed).off('error', finish);
    // For the socket's life: an error without a listener would end the process.
    socket.on('error', ignore);
    done(error);
  };
  const ready = () => finish(null);
  const closed = () => finish(new Error(`closed before ${event}`));
  const tooLate = () => socket.destroy(new Error(`no ${event} within ${connectTimeoutMs} ms`));
  const timer = setTimeout(tooLate, connectTimeoutMs);
  socket.on(event, ready).on('error', finish).on('close', closed);
}

/** The error of a socket is followed by its `close`. */
function ignore(): void {}

const contexts = new Map<string | undefined, SecureContext>();

/** Shared by all connections: parsing the certificates each time would cost more than the handshake. */
function trusting(ca: string | undefined): SecureContext {
  const made = contexts.get(ca) ?? createSecureContext({ ...(ca !== undefined && { ca }), minVersion: 'TLSv1.3' });
  contexts.set(ca, made);
  return made;
}
