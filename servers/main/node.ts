import type { AddressInfo, Server } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../machine/process/clock.ts';
import { createSocketBytes, type SocketTotals } from '../../network/sockets/socket-bytes.ts';
import { codecs } from '../../protocol/codec.ts';
import type { Encoding, Semantics } from '../../protocol/contract-terms.ts';
import { createExchangeLog } from '../../protocol/exchange.ts';
import type { Limits } from '../../protocol/limits.ts';
import { openLocalBackplane } from '../backplane/backplane.ts';
import { joinBackplane } from '../backplane/joined-backplane.ts';
import type { Compression } from '../compression.ts';
import { Conflation } from '../stream/conflation.ts';
import { Heartbeats } from '../stream/heartbeats.ts';
import type { NodeContext, Tally } from '../stream/node-context.ts';
import { Publications } from '../stream/publications.ts';
import { type Accepted, StateStream } from '../stream/state-stream.ts';
import { createHttpServer, type Wire } from './http-server.ts';
import { createRouter } from './router.ts';

export type NodeOptions = Wire & {
  readonly channels: number;
  /** The first so many have readers and get broadcasts, the others are inboxes; absent: all. */
  readonly readChannels?: number;
  readonly encoding: Encoding;
  readonly semantics: Semantics;
  readonly echo: boolean;
  readonly heartbeatMs: number;
  readonly limits: Limits;
  /** Absent: none. */
  readonly compression?: Compression;
  readonly clock: Clock;
  /** Called for every update before any client receives it. */
  readonly onAccepted?: (accepted: Accepted) => void;
  /** Local socket for the source of a single node. */
  readonly backplanePath?: string;
  /** Local socket of the backplane process, if this is one of several nodes; the source then connects there. */
  readonly joins?: string;
  /** Address to listen on; absent: loopback. */
  readonly host?: string;
  /** 0 or absent: any free port. A port in use is replaced by a free one. */
  readonly port?: number;
};

/** A running node: all four transports over one state stream. */
export type StateNode = {
  readonly port: number;
  readonly context: NodeContext;
  readonly socketTotals: () => SocketTotals;
  /** Destroys every open connection, like a failing network; new ones are accepted. */
  readonly dropConnections: () => void;
  /** Ends all connections and stops listening. */
  readonly close: () => Promise<void>;
};

/** Starts a node and listens. Rejects when it cannot listen or cannot reach its backplane. */
export async function startNode(options: NodeOptions): Promise<StateNode> {
  const codec = codecs[options.encoding];
  const stream = new StateStream({
    channels: options.channels,
    readChannels: options.readChannels,
    codec,
    retention: options.limits,
    clock: options.clock,
    onAccepted: options.onAccepted,
  });
  const backplane = await (options.joins === undefined
    ? openLocalBackplane(stream, options.backplanePath)
    : joinBackplane(stream, options.joins));
  const context: NodeContext = {
    stream,
    codec,
    semantics: options.semantics,
    echo: options.echo,
    heartbeatMs: options.heartbeatMs,
    limits: options.limits,
    compression: options.compression ?? null,
    clock: options.clock,
    heartbeats: new Heartbeats(),
    conflation: new Conflation(),
    publications: new Publications(codec, options.channels, backplane.publish),
    tally: { requests: 0, emptyAnswers: 0, heartbeats: 0, slowReaders: 0 } satisfies Tally,
    exchange: createExchangeLog(options.clock),
    oneOfSeveral: options.joins !== undefined,
    visits: new Map(),
  };
  const sockets = createSocketBytes();
  const server = createHttpServer(options.limits, createRouter(context), options);
  const open = new Set<Duplex>();
  server.on('connection', (socket) => {
    // A socket comes again after a request for an upgrade that was ignored.
    if (open.has(socket)) return;
    sockets.watch(socket);
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  await listen(server, options.port ?? 0, options.host ?? '127.0.0.1');
  const dropConnections = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    context,
    socketTotals: sockets.totals,
    dropConnections,
    close: async () => {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
      dropConnections();
      await Promise.all([stopped, backplane.close()]);
    },
  };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  try {
    await listenOnce(server, port, host);
  } catch (error) {
    if (port === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    await listenOnce(server, 0, host);
  }
}

function listenOnce(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: 4096 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
