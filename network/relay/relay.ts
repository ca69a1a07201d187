import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../../machine/process/clock.ts';
import { DelayLine } from './delay-line.ts';

export type RelayOptions = {
  readonly clock: Clock;
  /** Half of it delays each direction. */
  readonly rttMs: number;
  readonly target: { readonly host: string; readonly port: number };
  readonly host: string;
  /** Connects onward from the client's own address, for a proxy that balances by address. */
  readonly keepSource?: boolean;
};

export type RelayTotals = {
  /** Bytes forwarded from clients to the server; `downBytes`: from the server to clients. */
  readonly upBytes: number;
  readonly downBytes: number;
  readonly connections: number;
};

export type Relay = {
  readonly port: number;
  readonly totals: () => RelayTotals;
  /** Resets the recorded lateness. */
  readonly begin: () => void;
  /** How much later than half an RTT things were forwarded: an encoded recording in microseconds. */
  readonly lateness: () => string;
  readonly close: () => Promise<void>;
};

/** Limit of bytes in flight in one direction of one connection; beyond it, reading pauses. */
const inFlightLimitBytes = 8 * 1024 * 1024;

/** Forwards TCP connections to one target, delaying everything by half an RTT in each direction. */
export async function startRelay({ clock, rttMs, target, host, keepSource }: RelayOptions): Promise<Relay> {
  const transit = new DelayLine(clock);
  const handshakes = new DelayLine(clock);
  const open = new Set<Socket>();
  const totals = { upBytes: 0, downBytes: 0, connections: 0 };
  const halfUs = (rttMs * 1000) / 2;

  const join = (client: Socket) => {
    const source = keepSource === true && client.remoteAddress !== undefined && { localAddress: client.remoteAddress };
    const server = connect({ ...target, ...source, noDelay: true, allowHalfOpen: true });
    totals.connections++;
    for (const socket of [client, server]) {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
    }
    const later = (act: () => void) => transit.add(clock.nowUs() + halfUs, act);
    forward(client, server, later, (bytes) => {
      totals.upBytes += bytes;
    });
    forward(server, client, later, (bytes) => {
      totals.downBytes += bytes;
    });
    // A connect through the relay is immediate, so the client's first bytes wait for the length of a handshake.
    client.pause();
    handshakes.add(clock.nowUs() + rttMs * 1000, () => client.resume());
  };

  const server = createServer({ noDelay: true, allowHalfOpen: true }, join);
  const port = await listening(server, host);
  return {
    port,
    totals: () => ({ ...totals }),
    begin: transit.lateness.reset,
    lateness: transit.lateness.encoded,
    close: async () => {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await Promise.all([stopped, transit.close(), handshakes.close()]);
    },
  };
}

/** Forwards bytes, ends and resets in one direction through `later`; reading pauses while too much is in flight. */
function forward(from: Socket, to: Socket, later: (act: () => void) => void, count: (bytes: number) => void): void {
  let inFlight = 0;
  const landed = (bytes: number) => {
    inFlight -= bytes;
    if (from.isPaused() && inFlight <= inFlightLimitBytes / 2) from.resume();
  };
  from.on('data', (chunk: Buffer) => {
    inFlight += chunk.length;
    if (inFlight > inFlightLimitBytes) from.pause();
    later(() => {
      if (to.destroyed) return;
      count(chunk.length);
      to.write(chunk, () => landed(chunk.length));
    });
  });
  from.once('end', () => later(() => to.end()));
  from.once('error', () => later(() => to.destroy()));
  from.once('close', () => later(() => to.end()));
}

function listening(server: Server, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: 0, host, backlog: 4096 }, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('relay: no TCP port'));
      else resolve(address.port);
    });
  });
}
