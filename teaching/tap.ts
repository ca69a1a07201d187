import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Bytes that went from client to server and back, as they were. */
export type Exchange = { readonly up: Buffer; readonly down: Buffer };

/** A place to connect to in front of a server; it passes every byte on and keeps a copy. */
export type Tap = {
  readonly port: number;
  /** Bytes that passed since the last `take`. */
  readonly seen: () => Exchange;
  /** The same, and begins anew. */
  readonly take: () => Exchange;
  readonly close: () => Promise<void>;
};

/** A byte is kept before it is passed on: what a client has seen, `seen` has too. */
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
  // One end that breaks off is the other's end too.
  from.on('error', () => to.destroy());
}
