import { setTimeout as sleep } from 'node:timers/promises';
import { newEpoch } from '../../machine/process/clock.ts';
import type { Transport } from '../../protocol/transport.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { attempted, type CostSample, demandAgreement, demandNoQueue } from './attempts.ts';
import { type Child, cores, startChild } from './child.ts';
import type { Programs } from './programs.ts';
import type { ReceiverKind } from './receiving/receiver.ts';
import type { ReceiverCalls } from './receiving/receiver-main.ts';
import type { SenderCalls } from './serving/sender-main.ts';

/** One load: push at a rate, poll at a rate (open loop), or ask again with every answer (closed loop, long polling). */
export type ReceiverLoad = {
  readonly transport: Transport;
  readonly scenario: Scenario;
  /** Updates pushed a second, or polls a second; 0: closed loop. */
  readonly perSecond: number;
};

const warmUpMs = 2_000;
const windowMs = 3_000;

/**
 * CPU time of a receiver for each delivery, with the bare sender on another core. Rejects with `Missed` where the rate
 * was missed or deliveries stood in a queue, several times over.
 */
export function measureReceiver(programs: Programs, kind: ReceiverKind, load: ReceiverLoad): Promise<CostSample> {
  return attempted(async () => {
    const sender = startChild<SenderCalls>(programs.sender, cores.otherEnd);
    const receiver = startChild<ReceiverCalls>(programs.receiver, cores.measured);
    try {
      return await measureOnce(sender, receiver, kind, load);
    } finally {
      await Promise.all([sender.end(), receiver.end()]);
    }
  });
}

async function measureOnce(
  sender: Child<SenderCalls>,
  receiver: Child<ReceiverCalls>,
  kind: ReceiverKind,
  { transport, scenario, perSecond }: ReceiverLoad,
): Promise<CostSample> {
  const epoch = newEpoch();
  const { channels, clients, payload } = scenario;
  const ports = await sender.ask('start', { epoch, transport, channels, payloadBytes: payload.bytes, ports: 1 });
  await receiver.ask('start', { kind, epoch, ports, transport, scenario });
  const isPushed = transport === 'sse' || transport === 'websocket';
  if (isPushed) await sender.ask('push', perSecond);
  else if (perSecond > 0) await receiver.ask('poll', perSecond);
  await sleep(warmUpMs);
  const startedMs = performance.now();
  const before = { sent: await sender.ask('sent'), received: await receiver.ask('begin') };
  await sleep(windowMs);
  const seconds = (performance.now() - startedMs) / 1000;
  const after = { sent: await sender.ask('sent'), received: await receiver.ask('received') };
  const deliveries = after.sent.deliveries - before.sent.deliveries;
  const fan = isPushed ? clients / channels : 1;
  if (perSecond > 0) demandAgreement('deliveries', deliveries, perSecond * fan * seconds);
  demandAllArrived(kind, before, after);
  // In a closed loop all connections wait all the time, so how long each waits follows from how often (Little's law).
  demandNoQueue(perSecond > 0 ? await receiver.ask('p50Us') : (clients * 1e6) / (deliveries / seconds));
  const cpuUs = after.received.sample.cpuUs - before.received.sample.cpuUs;
  return { cpuUs: cpuUs / deliveries, perSecond: deliveries / seconds };
}

type Reading = {
  readonly sent: { readonly deliveries: number; readonly bytes: number };
  readonly received: { readonly deliveries: number; readonly bytes: number };
};

/** Bare sockets count bytes, everything else deliveries. */
function demandAllArrived(kind: ReceiverKind, before: Reading, after: Reading): void {
  const what = kind === 'net' ? 'bytes' : 'deliveries';
  demandAgreement(what, after.received[what] - before.received[what], after.sent[what] - before.sent[what]);
}
