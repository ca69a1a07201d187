import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy for tests that can cut its connections or stop the flow to clients. */
export type CuttingProxy = {
  readonly port: number;
  /** Resets every open connection. Returns their number. */
  readonly cut: () => number;
  /** `stall` stops reading from the server, so that its sockets fill up; `flow` resumes. */
  readonly stall: () => void;
  readonly flow: () => void;
  readonly close: () => Promise<void>;
};

/** A function as `targetPort` is called for each connection. */
export async function startCuttingProxy(targetPort: number | (() => number)): Promise<CuttingProxy> {
  const clients = new Set<Socket>();
  const servers = new Set<Socket>();
  let stalled = false;
  const server = createServer((client) => {
    const port = typeof targetPort === 'number' ? targetPort : targetPort();
    const upstream = connect({ port, host: '127.0.0.1' });
    if (stalled) upstream.pause();
    clients.add(client);
    servers.add(upstream);
    client.on('data', (chunk) => upstream.write(chunk));
    upstream.on('data', (chunk) => client.write(chunk));
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => {});
      one.on('close', () => other.destroy());
    }
    client.on('close', () => clients.delete(client));
    upstream.on('close', () => servers.delete(upstream));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('proxy: no port');
  const cut = () => {
    const count = clients.size;
    for (const socket of [...clients, ...servers]) socket.resetAndDestroy();
    return count;
  };
  return {
    port: address.port,
    cut,
    stall: () => {
      stalled = true;
      for (const upstream of servers) upstream.pause();
    },
    flow: () => {
      stalled = false;
      for (const upstream of servers) upstream.resume();
    },
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
