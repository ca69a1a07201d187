import { setTimeout as sleep } from 'node:timers/promises';
import { newEpoch } from '../../machine/process/clock.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { attempted, type CostSample, demandAgreement, demandNoQueue } from './attempts.ts';
import { type Child, cores, startChild } from './child.ts';
import type { Programs } from './programs.ts';
import type { ReceiverKind } from './receiving/receiver.ts';
import type { ReceiverCalls } from './receiving/receiver-main.ts';
import type { SenderCalls } from './serving/sender-main.ts';

/** WebSocket clients in all, and deliveries a second in all. Each update goes to as many of them at every size. */
export type CrowdSize = {
  readonly scenario: Scenario;
  readonly clients: number;
  readonly deliveriesPerSecond: number;
};

export type CrowdSample = CostSample & {
  /** Memory of the receiving processes beyond what they take without clients, garbage collected. */
  readonly memoryBytes: number;
  /** Busy share of the core of the senders. */
  readonly senderShare: number;
};

/**
 * As many processes at both ends at every size, so that only the clients differ: a process may open 20,000 descriptors
 * here, and 100,000 clients need six.
 */
const pairCount = 6;
/** One port takes this many connections from one address: the system has 28,000 for the other end, and uses half of them first. */
const mostOfPort = 12_000;
const fan = 20;
/** In the warm-up every client has something delivered, since the first delivery costs more than any other. */
const warmUpRise = 3;
/**
 * The space for new objects has its full 16 MB twice from the start. Otherwise it grows with what was just allocated and
 * shrinks some time, which is 2 KiB for each of 16,000 clients.
 */
const fixedNewSpace = ['--min-semi-space-size=16'];
const settledMs = 1_000;
const windowMs = 4_000;

/**
 * CPU time of the receivers for each delivery, and their memory. Rejects with `Missed` where the rate was missed or
 * deliveries stood in a queue, several times over.
 */
export function measureCrowd(programs: Programs, kind: ReceiverKind, size: CrowdSize): Promise<CrowdSample> {
  return attempted(async () => {
    const pairs = Array.from({ length: pairCount }, () => ({
      sender: startChild<SenderCalls>(programs.sender, cores.otherEnd),
      receiver: startChild<ReceiverCalls>(programs.receiver, cores.measured, fixedNewSpace),
    }));
    try {
      return await measureOnce(pairs, kind, size);
    } finally {
      await Promise.all(pairs.flatMap(({ sender, receiver }) => [sender.end(), receiver.end()]));
    }
  });
}

type Pair = { readonly sender: Child<SenderCalls>; readonly receiver: Child<ReceiverCalls> };

async function measureOnce(pairs: readonly Pair[], kind: ReceiverKind, size: CrowdSize): Promise<CrowdSample> {
  const scenario = ofOnePair(size);
  const emptyBytes = await memoryBytes(pairs);
  await each(pairs, (pair) => connect(pair, kind, scenario));
  await deliver(pairs, size, warmUpRise);
  await sleep(settledMs + (1.2 * size.clients * 1000) / (warmUpRise * size.deliveriesPerSecond));
  await deliver(pairs, size, 1);
  await sleep(settledMs);
  const startedMs = performance.now();
  const before = await each(pairs, async ({ sender, receiver }) => ({
    sent: await sender.ask('sent'),
    received: await receiver.ask('begin'),
  }));
  await sleep(windowMs);
  const seconds = (performance.now() - startedMs) / 1000;
  const after = await each(pairs, async ({ sender, receiver }) => ({
    sent: await sender.ask('sent'),
    received: await receiver.ask('received'),
  }));
  const p50Us = await each(pairs, ({ receiver }) => receiver.ask('p50Us'));
  const grown = (of: (reading: (typeof before)[number]) => number) =>
    after.reduce((sum, reading, pair) => sum + of(reading) - of(before[pair]!), 0);
  const deliveries = grown(({ sent }) => sent.deliveries);
  const received = grown((reading) => reading.received.deliveries);
  demandAgreement('deliveries', deliveries, size.deliveriesPerSecond * seconds);
  demandAgreement('received', received, deliveries);
  for (const us of p50Us) demandNoQueue(us);
  return {
    cpuUs: grown(({ received }) => received.sample.cpuUs) / deliveries,
    perSecond: deliveries / seconds,
    memoryBytes: (await memoryBytes(pairs)) - emptyBytes,
    senderShare: grown(({ sent }) => sent.sample.cpuUs) / 1e6 / seconds,
  };
}

function ofOnePair({ scenario, clients }: CrowdSize): Scenario {
  const own = Math.round(clients / pairCount);
  return { ...scenario, clients: own, channels: Math.round(own / fan) };
}

async function connect({ sender, receiver }: Pair, kind: ReceiverKind, scenario: Scenario): Promise<void> {
  const epoch = newEpoch();
  const ports = await sender.ask('start', {
    epoch,
    transport: 'websocket',
    channels: scenario.channels,
    payloadBytes: scenario.payload.bytes,
    ports: Math.ceil(scenario.clients / mostOfPort),
  });
  await receiver.ask('start', { kind, epoch, ports, transport: 'websocket', scenario });
}

/** All senders together deliver at `times` the rate of this size. */
async function deliver(pairs: readonly Pair[], size: CrowdSize, times: number): Promise<void> {
  const { clients, channels } = ofOnePair(size);
  const updatesPerSecond = (times * size.deliveriesPerSecond) / pairCount / (clients / channels);
  await each(pairs, ({ sender }) => sender.ask('push', updatesPerSecond));
}

async function memoryBytes(pairs: readonly Pair[]): Promise<number> {
  const all = await each(pairs, ({ receiver }) => receiver.ask('memoryBytes'));
  return all.reduce((sum, bytes) => sum + bytes, 0);
}

function each<T>(pairs: readonly Pair[], act: (pair: Pair) => Promise<T>): Promise<readonly T[]> {
  return Promise.all(pairs.map(act));
}
