import { createServer, type Socket } from 'node:net';
import { openingOf, travelling } from '../../clients/load/echo-server.ts';
import { type Alarm, createAlarm } from '../../machine/process/alarm.ts';
import { spinning } from '../../machine/process/approach.ts';
import { type Clock, clockSince, type Epoch } from '../../machine/process/clock.ts';
import { answerParent } from '../../machine/process/control.ts';
import { type ProcessSample, sampleProcess } from '../../machine/process/process-sample.ts';
import { codecs } from '../../protocol/codec.ts';
import type { Transport } from '../../protocol/transport.ts';

export type SenderConfig = {
  readonly epoch: Epoch;
  readonly transport: Transport;
  readonly channels: number;
  readonly payloadBytes: number;
};

/** What a sender has done so far. */
export type Sent = { readonly deliveries: number; readonly bytes: number; readonly sample: ProcessSample };

/** The calls of the bare sender: the least that can serve a transport, so that the clients decide what is measured. */
export type SenderCalls = {
  /** Listens; returns the port. */
  readonly start: (config: SenderConfig) => Promise<number>;
  /** From now on pushes updates at this rate, each to all clients of a channel in turn. */
  readonly push: (updatesPerSecond: number) => void;
  readonly sent: () => Sent;
};

function senderCalls(): SenderCalls {
  const readers: Socket[][] = [];
  let deliveries = 0;
  let bytes = 0;
  let alarm: Alarm | undefined;
  let onDue = () => {};
  let config: SenderConfig | undefined;
  let clock: Clock | undefined;
  const versions: number[] = [];

  const next = (channel: number, version: number): Buffer => {
    const { transport, payloadBytes } = config!;
    const payload = Buffer.from(JSON.stringify('x'.repeat(payloadBytes - 2)));
    const update = codecs.json.encode({ version, channel, intendedUs: clock!.nowUs(), payload });
    return travelling(transport, 'json', version, Buffer.from(update));
  };
  const write = (socket: Socket, what: Buffer) => {
    socket.write(what);
    deliveries++;
    bytes += what.length;
  };
  const onRequest = (socket: Socket, head: string) => {
    const { transport, channels } = config!;
    const channel = Number(/[?&]channel=(\d+)/.exec(head)?.[1] ?? 0) % channels;
    if (transport === 'short-polling' || transport === 'long-polling') {
      // Each client gets the version after its own, as if it were the only one.
      write(socket, next(channel, Number(/[?&]after=(\d+)/.exec(head)?.[1] ?? 0) + 1));
      return;
    }
    socket.write(openingOf(transport, 'json', head));
    readers[channel] ??= [];
    readers[channel].push(socket);
  };
  const serve = (socket: Socket) => {
    let read = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      read += chunk.toString('latin1');
      for (let end = read.indexOf('\r\n\r\n'); end >= 0; end = read.indexOf('\r\n\r\n')) {
        onRequest(socket, read.slice(0, end + 4));
        read = read.slice(end + 4);
      }
    });
  };
  return {
    start: (given) => {
      config = given;
      clock = clockSince(given.epoch);
      const server = createServer({ noDelay: true }, serve);
      return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
          resolve((server.address() as { readonly port: number }).port);
        });
      });
    },
    push: (updatesPerSecond) => {
      const startUs = clock!.nowUs();
      let pushed = 0;
      const nextUs = () => startUs + (pushed * 1e6) / updatesPerSecond;
      onDue = () => {
        for (; nextUs() <= clock!.nowUs(); pushed++) {
          const channel = pushed % config!.channels;
          const version = (versions[channel] ?? 0) + 1;
          versions[channel] = version;
          const what = next(channel, version);
          for (const socket of readers[channel] ?? []) write(socket, what);
        }
        alarm?.set(nextUs());
      };
      // Each update at its own instant, as in a trial.
      alarm ??= createAlarm(clock!, () => onDue(), spinning());
      onDue();
    },
    sent: () => ({ deliveries, bytes, sample: sampleProcess() }),
  };
}

answerParent(senderCalls());
