import { connect, type Socket } from 'node:net';
import { Client } from 'undici';
import { WebSocket } from 'ws';
import { createCrowd } from '../../clients/load/crowd.ts';
import { clockSince, type Epoch } from '../../machine/process/clock.ts';
import { answerParent } from '../../machine/process/control.ts';
import { type ProcessSample, sampleProcess } from '../../machine/process/process-sample.ts';
import { directRoute } from '../../network/route/route.ts';
import { updatesPath } from '../../protocol/routes.ts';
import { subprotocols } from '../../protocol/socket-messages.ts';
import type { Transport } from '../../protocol/transport.ts';
import type { Scenario } from '../../scenarios/scenario.ts';

/** What receives: `net` reads bytes and no more, `ws` and `undici` are the bare libraries, the others are our clients. */
export type ReceiverKind = 'net' | 'ws' | 'undici' | 'lean' | 'library';

export type ReceiverConfig = {
  readonly kind: ReceiverKind;
  readonly epoch: Epoch;
  readonly port: number;
  readonly transport: Transport;
  readonly scenario: Scenario;
};

/** What a receiver has received so far. Only our own clients know latencies. */
export type Received = {
  readonly deliveries: number;
  readonly bytes: number;
  readonly sample: ProcessSample;
};

export type ReceiverCalls = {
  readonly start: (config: ReceiverConfig) => Promise<void>;
  /** Polls at this rate, each client in turn; 0 stops. */
  readonly poll: (perSecond: number) => void;
  readonly received: () => Received;
};

type Count = { deliveries: number; bytes: number };

/** A receiver with all its clients. `poll` sends one request of a client. */
type Receiver = { readonly ready: Promise<void>; readonly poll: (client: number) => void };

const readBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/** The least that Node.js can do: one buffer for all sockets, no stream, nothing parsed. */
function openNet({ port, transport, scenario }: ReceiverConfig, count: Count): Receiver {
  const request = (client: number) => requestText(transport, client, client % scenario.channels);
  const isPoll = transport === 'short-polling' || transport === 'long-polling';
  const sockets: Socket[] = [];
  const opened = Array.from(
    { length: scenario.clients },
    (_, client) =>
      new Promise<void>((resolve, reject) => {
        let leftBytes = 0;
        const socket: Socket = connect({
          port,
          host: '127.0.0.1',
          noDelay: true,
          onread: {
            buffer: readBuffer,
            callback: (bytes) => {
              count.bytes += bytes;
              if (!isPoll) return true;
              leftBytes -= bytes;
              if (leftBytes > 0) return true;
              // Answers have the same length but for the digits of their numbers, and come whole.
              count.deliveries++;
              if (transport === 'long-polling') socket.write(text, 'latin1');
              return true;
            },
          },
        });
        const text = request(client);
        socket.once('error', reject);
        socket.once('connect', () => {
          sockets[client] = socket;
          if (transport !== 'short-polling') socket.write(text, 'latin1');
          resolve();
        });
      }),
  );
  return {
    ready: Promise.all(opened).then(() => {}),
    poll: (client) => void sockets[client]!.write(request(client), 'latin1'),
  };
}

function requestText(transport: Transport, client: number, channel: number): string {
  const host = 'host: 127.0.0.1:10000\r\nconnection: keep-alive\r\n';
  switch (transport) {
    case 'websocket':
      return `GET /socket?channel=${channel}&client=${client} HTTP/1.1\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nHost: 127.0.0.1:10000\r\n\r\n`;
    case 'sse':
      return `GET /events?channel=${channel}&client=${client} HTTP/1.1\r\n${host}accept: text/event-stream\r\n\r\n`;
    default:
      return `GET ${updatesPath}?channel=${channel}&client=${client}&after=1234 HTTP/1.1\r\n${host}\r\n`;
  }
}

function openWs({ port, scenario }: ReceiverConfig, count: Count): Receiver {
  const opened = Array.from(
    { length: scenario.clients },
    (_, client) =>
      new Promise<void>((resolve, reject) => {
        const url = `ws://127.0.0.1:${port}/socket?channel=${client % scenario.channels}&client=${client}`;
        const webSocket = new WebSocket(url, [subprotocols.json], { perMessageDeflate: false });
        webSocket.on('open', () => resolve());
        webSocket.on('error', reject);
        webSocket.on('message', () => {
          count.deliveries++;
        });
      }),
  );
  return { ready: Promise.all(opened).then(() => {}), poll: () => {} };
}

function openUndici({ port, transport, scenario }: ReceiverConfig, count: Count): Receiver {
  const clients = Array.from(
    { length: scenario.clients },
    () => new Client(`http://127.0.0.1:${port}`, { pipelining: 1, headersTimeout: 0, bodyTimeout: 0 }),
  );
  const ask = (client: number) => {
    const path = `${updatesPath}?channel=${client % scenario.channels}&client=${client}&after=1234`;
    clients[client]!.dispatch(
      { method: 'GET', path },
      {
        onRequestStart: () => {},
        onResponseStart: () => {},
        onResponseData: () => {},
        onResponseEnd: () => {
          count.deliveries++;
          if (transport === 'long-polling') ask(client);
        },
        onResponseError: () => {},
      },
    );
  };
  if (transport === 'long-polling') for (const client of clients.keys()) ask(client);
  return { ready: Promise.resolve(), poll: ask };
}

/** Our own clients with ledger, recorder and receipts: the whole job. */
function openCrowd(config: ReceiverConfig, count: Count): Receiver {
  const { scenario, transport, epoch, port, kind } = config;
  let left = scenario.clients;
  let allSubscribed: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    allSubscribed = resolve;
  });
  const crowd = createCrowd(
    {
      transport,
      scenario,
      from: 0,
      to: scenario.clients,
      host: '127.0.0.1',
      ports: [port],
      route: directRoute,
      implementation: kind === 'lean' ? 'lean' : 'library',
      epoch,
      seed: 'perf',
    },
    clockSince(epoch),
    {
      advanced: () => {
        count.deliveries++;
      },
      subscribed: () => {
        if (--left === 0) allSubscribed();
      },
      lost: () => {},
    },
  );
  for (const { transport: connection } of crowd.clients) connection.connect();
  return { ready, poll: (client) => void crowd.clients[client]!.transport.poll?.(false) };
}

const openers: Readonly<Record<ReceiverKind, (config: ReceiverConfig, count: Count) => Receiver>> = {
  net: openNet,
  ws: openWs,
  undici: openUndici,
  lean: openCrowd,
  library: openCrowd,
};

function receiverCalls(): ReceiverCalls {
  const count: Count = { deliveries: 0, bytes: 0 };
  let receiver: Receiver | undefined;
  let clients = 0;
  let polling: NodeJS.Timeout | undefined;
  return {
    start: async (config) => {
      clients = config.scenario.clients;
      receiver = openers[config.kind](config, count);
      await receiver.ready;
    },
    poll: (perSecond) => {
      clearInterval(polling);
      if (perSecond === 0) return;
      const startMs = performance.now();
      let polled = 0;
      polling = setInterval(() => {
        for (; polled < ((performance.now() - startMs) * perSecond) / 1000; polled++) receiver!.poll(polled % clients);
      }, 1);
    },
    received: () => ({ ...count, sample: sampleProcess() }),
  };
}

answerParent(receiverCalls());
