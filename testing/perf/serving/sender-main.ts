import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { openingOf, travelling } from '../../../clients/load/echo-server.ts';
import { type Alarm, createAlarm } from '../../../machine/process/alarm.ts';
import { spinning } from '../../../machine/process/approach.ts';
import { type Clock, clockSince, type Epoch } from '../../../machine/process/clock.ts';
import { answerParent } from '../../../machine/process/control.ts';
import { type ProcessSample, sampleProcess } from '../../../machine/process/process-sample.ts';
import { codecs } from '../../../protocol/codec.ts';
import type { Transport } from '../../../protocol/transport.ts';

export type SenderConfig = {
  readonly epoch: Epoch;
  readonly transport: Transport;
  readonly channels: number;
  readonly payloadBytes: number;
  /** How many ports to listen on: one takes 12,000 connections from one address at most. */
  readonly ports: number;
};

/** What a sender has done so far. */
export type Sent = { readonly deliveries: number; readonly bytes: number; readonly sample: ProcessSample };

/** The calls of the bare sender: the least that can serve a transport, so that the clients decide what is measured. */
export type SenderCalls = {
  /** Listens; returns the ports. */
  readonly start: (config: SenderConfig) => Promise<readonly number[]>;
  /** From now on pushes updates at this rate, each to all clients of a channel in turn. */
  readonly push: (updatesPerSecond: number) => void;
  readonly sent: () => Sent;
};

/** A sender that listens, with what all its connections need. */
type Sender = { readonly config: SenderConfig; readonly clock: Clock; readonly payload: Buffer };

function senderCalls(): SenderCalls {
  const readers: Socket[][] = [];
  const versions: number[] = [];
  let deliveries = 0;
  let bytes = 0;
  let alarm: Alarm | undefined;
  let onDue = () => {};
  let sender: Sender | undefined;

  const write = (socket: Socket, what: Buffer) => {
    socket.write(what);
    deliveries++;
    bytes += what.length;
  };
  const onRequest = (of: Sender, socket: Socket, head: string) => {
    const { transport, channels } = of.config;
    const channel = (numberIn(head, channelField) ?? 0) % channels;
    if (transport === 'short-polling' || transport === 'long-polling') {
      // Each client gets the version after its own, as if it were the only one.
      write(socket, updateBytes(of, channel, (numberIn(head, afterField) ?? 0) + 1, of.clock.nowUs()));
      return;
    }
    socket.write(openingOf(transport, 'json', head));
    readers[channel] ??= [];
    readers[channel].push(socket);
  };
  const pushNext = (of: Sender, channel: number, intendedUs: number) => {
    const version = (versions[channel] ?? 0) + 1;
    versions[channel] = version;
    const what = updateBytes(of, channel, version, intendedUs);
    for (const socket of readers[channel] ?? []) write(socket, what);
  };
  return {
    start: (config) => {
      const payload = Buffer.from(JSON.stringify('x'.repeat(config.payloadBytes - 2)));
      const opened = { config, clock: clockSince(config.epoch), payload };
      sender = opened;
      const serve = (socket: Socket) => readHeads(socket, (head) => onRequest(opened, socket, head));
      return Promise.all(Array.from({ length: config.ports }, () => listen(createServer({ noDelay: true }, serve))));
    },
    push: (updatesPerSecond) => {
      const of = sender!;
      const startUs = of.clock.nowUs();
      let pushed = 0;
      const nextUs = () => startUs + Math.round((pushed * 1e6) / updatesPerSecond);
      onDue = () => {
        for (; nextUs() <= of.clock.nowUs(); pushed++) pushNext(of, pushed % of.config.channels, nextUs());
        alarm?.set(nextUs());
      };
      // Each update at its own instant, as in a trial.
      alarm ??= createAlarm(of.clock, () => onDue(), spinning());
      onDue();
    },
    sent: () => ({ deliveries, bytes, sample: sampleProcess() }),
  };
}

const channelField = /[?&]channel=(\d+)/;
const afterField = /[?&]after=(\d+)/;

function numberIn(head: string, field: RegExp): number | undefined {
  const text = field.exec(head)?.[1];
  return text === undefined ? undefined : Number(text);
}

function updateBytes({ config, payload }: Sender, channel: number, version: number, intendedUs: number): Buffer {
  const update = codecs.json.encode({ version, channel, intendedUs, payload });
  return travelling(config.transport, 'json', version, Buffer.from(update));
}

/** Calls back with each head of a request, to the empty line. */
function readHeads(socket: Socket, onHead: (head: string) => void): void {
  let read = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    read += chunk.toString('latin1');
    for (let end = read.indexOf(endOfHead); end >= 0; end = read.indexOf(endOfHead)) {
      onHead(read.slice(0, end + endOfHead.length));
      read = read.slice(end + endOfHead.length);
    }
  });
}

const endOfHead = '\r\n\r\n';

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

answerParent(senderCalls());
