import type { Socket } from 'node:net';

/**
 * Call this when an HTTP/2 session takes over a connected socket: ends the socket if the other end had reset it before.
 * The first write of the session then fails, and Node.js (20, 22, 24) reports neither an error nor the end of the
 * connection: requests would wait for ever, and a server would keep the socket.
 */
export function endIfReset(socket: Socket): void {
  // The session writes first, in this turn of the event loop. A later reset is reported as usual.
  setImmediate(() => {
    const reset = socket.remoteAddress === undefined;
    if (reset && !socket.destroyed) socket.destroy(new Error('the connection was reset after its TLS handshake'));
  });
}
