import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** The raw bytes from client to server (`up`) and back (`down`). */
export type Exchange = { readonly up: Buffer; readonly down: Buffer };

/** A TCP relay in front of a server that keeps a copy of every byte. */
export type Tap = {
  readonly port: number;
  /** The bytes relayed since the last `take`. */
  readonly seen: () => Exchange;
  /** Returns the same bytes and discards them. */
  readonly take: () => Exchange;
  readonly close: () => Promise<void>;
};

/** Relays to port `target` on loopback. Keeps bytes before sending them on, so `seen` has all that a peer received. */
export async function openTap(target: number): Promise<Tap> {
  let kept: { up: Buffer[]; down: Buffer[] } = { up: [], down: [] };
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true });
    pass(near, far, (bytes) => kept.up.push(bytes));
    pass(far, near, (bytes) => kept.down.push(bytes));
    sockets.add(near).add(far);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const seen = (): Exchange => ({ up: Buffer.concat(kept.up), down: Buffer.concat(kept.down) });
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    take: () => {
      const taken = seen();
      kept = { up: [], down: [] };
      return taken;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function pass(from: Socket, to: Socket, keep: (bytes: Buffer) => void): void {
  from.on('data', (bytes: Buffer) => {
    keep(bytes);
    to.write(bytes);
  });
  from.on('end', () => to.end());
  // If one side breaks off, close the other.
  from.on('error', () => to.destroy());
}
