import { setTimeout as sleep } from 'node:timers/promises';
import { newEpoch } from '../../machine/process/clock.ts';
import type { Transport } from '../../protocol/transport.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { startChild } from './child.ts';
import type { Programs } from './programs.ts';
import type { ReceiverCalls, ReceiverKind } from './receiver-main.ts';
import type { SenderCalls } from './sender-main.ts';

/** One load: push at a rate, poll at a rate (open loop), or ask again with every answer (closed loop, long polling). */
export type ReceiverLoad = {
  readonly transport: Transport;
  readonly scenario: Scenario;
  /** Updates pushed a second, or polls a second; 0: closed loop. */
  readonly perSecond: number;
};

export type ReceiverSample = {
  /** CPU time of the receiving process for each delivery, in microseconds. */
  readonly cpuUs: number;
  readonly perSecond: number;
};

const warmUpMs = 2_000;
const windowMs = 3_000;
/** More than this share missing or too many: something stood in a queue, and one read carried several deliveries. */
const mostOff = 0.01;
const attempts = 3;

/**
 * CPU time of a receiver for each delivery, with the sender on another core. Tries again where the rate was missed;
 * undefined if it was missed each time.
 */
export async function measureReceiver(
  programs: Programs,
  kind: ReceiverKind,
  load: ReceiverLoad,
): Promise<ReceiverSample | undefined> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const sample = await measureOnce(programs, kind, load);
    if (sample) return sample;
  }
  return undefined;
}

async function measureOnce(
  programs: Programs,
  kind: ReceiverKind,
  { transport, scenario, perSecond }: ReceiverLoad,
): Promise<ReceiverSample | undefined> {
  const sender = startChild<SenderCalls>(programs.sender, 1);
  const receiver = startChild<ReceiverCalls>(programs.receiver, 0);
  try {
    const epoch = newEpoch();
    const { channels, payload } = scenario;
    const port = await sender.ask('start', { epoch, transport, channels, payloadBytes: payload.bytes });
    await receiver.ask('start', { kind, epoch, port, transport, scenario });
    const isPushed = transport === 'sse' || transport === 'websocket';
    if (isPushed) await sender.ask('push', perSecond);
    else if (perSecond > 0) await receiver.ask('poll', perSecond);
    await sleep(warmUpMs);
    const read = async () => ({ sent: await sender.ask('sent'), received: await receiver.ask('received') });
    const [before, startedMs] = [await read(), performance.now()];
    await sleep(windowMs);
    const [after, seconds] = [await read(), (performance.now() - startedMs) / 1000];
    const deliveries = after.sent.deliveries - before.sent.deliveries;
    const fan = isPushed ? scenario.clients / scenario.channels : 1;
    const wanted = perSecond * fan * seconds;
    if (perSecond > 0 && Math.abs(deliveries / wanted - 1) > mostOff) return undefined;
    if (!allArrived(kind, before, after)) return undefined;
    const cpuUs = after.received.sample.cpuUs - before.received.sample.cpuUs;
    return { cpuUs: cpuUs / deliveries, perSecond: deliveries / seconds };
  } finally {
    await Promise.all([sender.end(), receiver.end()]);
  }
}

type Reading = {
  readonly sent: { readonly deliveries: number; readonly bytes: number };
  readonly received: { readonly deliveries: number; readonly bytes: number };
};

/** Bare sockets count bytes, everything else deliveries. */
function allArrived(kind: ReceiverKind, before: Reading, after: Reading): boolean {
  const what = kind === 'net' ? 'bytes' : 'deliveries';
  const received = after.received[what] - before.received[what];
  return Math.abs(received / (after.sent[what] - before.sent[what]) - 1) <= mostOff;
}
