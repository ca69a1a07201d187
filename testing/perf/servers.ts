import { setTimeout as sleep } from 'node:timers/promises';
import { newEpoch } from '../../machine/process/clock.ts';
import { attempted, type CostSample, demandAgreement, demandNoQueue } from './attempts.ts';
import { type Child, cores, startChild } from './child.ts';
import type { Programs } from './programs.ts';
import type { ReceiverLoad } from './receivers.ts';
import type { ReceiverCalls } from './receiving/receiver-main.ts';
import type { PerfServerCalls } from './serving/server-main.ts';
import type { ServingKind } from './serving/serving.ts';

/** `perSecond`: polls of short polling. `updatesPerSecond`: what the server makes in its own process. */
export type ServerLoad = ReceiverLoad & { readonly updatesPerSecond: number };

/** `bytes`: of each delivery, headers included. */
export type ServerSample = CostSample & { readonly bytes: number };

const warmUpMs = 2_000;
const windowMs = 3_000;

/**
 * CPU time of a server for each delivery, with bare sockets on another core. Rejects with `Missed` where the rate was
 * missed or deliveries stood in a queue, several times over.
 */
export function measureServer(programs: Programs, kind: ServingKind, load: ServerLoad): Promise<ServerSample> {
  return attempted(async () => {
    const server = startChild<PerfServerCalls>(programs.server, cores.measured);
    const receiver = startChild<ReceiverCalls>(programs.receiver, cores.otherEnd);
    try {
      return await measureOnce(server, receiver, kind, load);
    } finally {
      await Promise.all([server.end(), receiver.end()]);
    }
  });
}

async function measureOnce(
  server: Child<PerfServerCalls>,
  receiver: Child<ReceiverCalls>,
  kind: ServingKind,
  { transport, scenario, perSecond, updatesPerSecond }: ServerLoad,
): Promise<ServerSample> {
  const epoch = newEpoch();
  const { channels, clients, payload } = scenario;
  const port = await server.ask('start', { kind, epoch, channels, payloadBytes: payload.bytes });
  const bare = transport === 'websocket' ? 'net' : 'following';
  await receiver.ask('start', { kind: bare, epoch, ports: [port], transport, scenario });
  await server.ask('update', updatesPerSecond);
  if (perSecond > 0) await receiver.ask('poll', perSecond);
  await sleep(warmUpMs);
  const startedMs = performance.now();
  const before = { made: await server.ask('made'), received: await receiver.ask('begin') };
  await sleep(windowMs);
  const seconds = (performance.now() - startedMs) / 1000;
  const after = { made: await server.ask('made'), received: await receiver.ask('received') };
  const pushed = ((after.made.updates - before.made.updates) * clients) / channels;
  const answered = after.received.deliveries - before.received.deliveries;
  // Bare WebSockets count bytes only. Who holds a poll is answered once for each update.
  const deliveries = transport === 'websocket' ? pushed : answered;
  const wanted = perSecond > 0 ? perSecond * seconds : (updatesPerSecond * seconds * clients) / channels;
  demandAgreement('deliveries', deliveries, wanted);
  demandNoQueue(await receiver.ask('p50Us'));
  return {
    cpuUs: (after.made.sample.cpuUs - before.made.sample.cpuUs) / deliveries,
    perSecond: deliveries / seconds,
    bytes: (after.received.bytes - before.received.bytes) / deliveries,
  };
}
