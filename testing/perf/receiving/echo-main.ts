import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from 'simple-statistics';
import { createAlarm } from '../../../machine/process/alarm.ts';
import { spinning } from '../../../machine/process/approach.ts';
import { clockSince, newEpoch } from '../../../machine/process/clock.ts';
import { answerParent } from '../../../machine/process/control.ts';
import { openBareSocket } from './net-receiver.ts';

export type EchoPlan = {
  readonly port: number;
  readonly perSecond: number;
  readonly seconds: number;
  readonly bytes: number;
};

/** The calls of both ends of an echo. */
export type EchoCalls = {
  /** Sends back whatever comes; returns the port. */
  readonly listen: () => Promise<number>;
  /** Median time from writing to the bytes being back, in microseconds. */
  readonly ping: (plan: EchoPlan) => Promise<number>;
};

function echoCalls(): EchoCalls {
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        const server = createServer({ noDelay: true }, (socket) => {
          socket.on('error', () => socket.destroy());
          socket.on('data', (bytes) => socket.write(bytes));
        });
        server.once('error', reject);
        server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
      }),
    ping,
  };
}

async function ping({ port, perSecond, seconds, bytes }: EchoPlan): Promise<number> {
  const clock = clockSince(newEpoch());
  const tookUs: number[] = [];
  const message = Buffer.alloc(bytes, 'x');
  let writtenNs = 0n;
  const socket = await openBareSocket(port, () => tookUs.push(Number(process.hrtime.bigint() - writtenNs) / 1000));
  let dueUs = clock.nowUs();
  const alarm = createAlarm(
    clock,
    () => {
      writtenNs = process.hrtime.bigint();
      socket.write(message);
      dueUs += 1e6 / perSecond;
      alarm.set(dueUs);
    },
    spinning(),
  );
  alarm.set(dueUs);
  // The first second warms up.
  await sleep(1_000);
  tookUs.length = 0;
  await sleep(seconds * 1_000);
  await alarm.close();
  socket.destroy();
  return median(tookUs);
}

answerParent(echoCalls());
