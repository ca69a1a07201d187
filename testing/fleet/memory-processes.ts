import type { CallsOf, Role } from '../../bench/fleet/fleet.ts';
import { createRecorder } from '../../machine/process/recorder.ts';
import type { SocketTotals } from '../../network/sockets/socket-bytes.ts';
import { LateLog } from '../../protocol/late-updates.ts';
import { type Emission, emissions } from '../../scenarios/schedule.ts';
import { serverCounters } from '../by-hand/readings.ts';
import { memoryLoad } from './memory-load.ts';
import type { VirtualTime } from './virtual-time.ts';
import { truth, type World } from './world.ts';

type AnyCall = (...given: never[]) => unknown;

/** The calls of a role. An answer that a real process promises may be given at once. */
type Answering<R extends Role> = {
  readonly [C in keyof CallsOf[R]]: CallsOf[R][C] extends AnyCall
    ? (...given: Parameters<CallsOf[R][C]>) => ReturnType<CallsOf[R][C]> | Awaited<ReturnType<CallsOf[R][C]>>
    : never;
};

type Sample = CallsOf['load']['sample'];

/** The calls that one simulated process answers. It starts now. */
export function memoryProcess(role: Role, name: string, world: World, time: VirtualTime): object {
  const startedUs = time.nowUs;
  const sample = () => world.sample(truth.cpuShare[role], startedUs);
  const processes: { readonly [R in Role]: () => Answering<R> } = {
    server: () => memoryServer(world, name, sample),
    load: () => memoryLoad(world, name, sample),
    source: () => memorySource(world, name, sample),
    relay: () => memoryRelay(world, name, sample),
    backplane: () => memoryBackplane(world, sample),
    proxy: () => memoryProxy(world, sample),
  };
  return processes[role]();
}

/** The first server reports the counts of all. For a trial it does not matter which server counted what. */
function memoryServer(world: World, name: string, sample: Sample): Answering<'server'> {
  const isFirst = () => name === world.servers[0];
  return {
    start: ({ channels, echo, semantics, port = 4_000 }) => {
      world.servers.push(name);
      world.heads = new Uint32Array(channels);
      world.echo = echo;
      world.semantics = semantics;
      return { port };
    },
    quiet: () => {},
    begin: () => world.begin(),
    sample,
    counters: () => serverCounters(isFirst() ? { sockets: mirrored(world) } : {}),
    ledger: () => ({ ...orderOf(world), conflated: isFirst() ? new Map(world.conflated) : new Map() }),
    updates: () => world.updates(),
    exchange: () => [],
    visits: () => new Map(world.clients.filter(({ server }) => server === name).map(({ client }) => [client, 1])),
  };
}

/** Servers write what clients read, and read what clients write. */
function mirrored({ loadSockets }: World): SocketTotals {
  const sum = (name: keyof SocketTotals) => loadSockets.reduce((total, read) => total + read()[name], 0);
  return {
    readBytes: sum('writtenBytes'),
    writtenBytes: sum('readBytes'),
    plainReadBytes: sum('plainWrittenBytes'),
    plainWrittenBytes: sum('plainReadBytes'),
    openedSockets: sum('openedSockets'),
    openSockets: sum('openSockets'),
  };
}

function orderOf({ acceptedFromSource, heads }: World) {
  return { acceptedFromSource, heads: heads.slice(), repeatedPublishes: 0 };
}

function memorySource(world: World, name: string, sample: Sample): Answering<'source'> {
  const lateness = createRecorder();
  const late = new LateLog();
  const selfTick = world.selfTickOf(name);
  let planned: readonly Emission[] = [];
  return {
    start: () => {},
    prepare: (phase) => {
      planned = emissions(phase);
      world.payloadBytes = phase.scenario.payload.bytes;
    },
    play: (startUs) =>
      new Promise((resolve) => {
        let left = planned.length;
        if (left === 0) resolve(0);
        world.play(startUs);
        for (const { atUs, channel } of planned) {
          const intendedUs = startUs + atUs;
          world.atProcess(name, intendedUs, () => {
            world.publish(channel, -1, intendedUs);
            const lateUs = world.clock.nowUs() - intendedUs;
            lateness.record(lateUs);
            late.note(channel, intendedUs, lateUs);
            if (--left === 0) resolve(planned.length);
          });
        }
      }),
    begin: () => {
      lateness.reset();
      late.clear();
      selfTick.begin();
    },
    lateness: lateness.encoded,
    lateUpdates: () => late.noted(),
    gaps: selfTick.end,
    sample,
  };
}

function memoryRelay(world: World, name: string, sample: Sample): Answering<'relay'> {
  const lateness = createRecorder();
  const selfTick = world.selfTickOf(name);
  return {
    start: () => ({ port: 5_000 }),
    startDatagrams: () => ({ bufferBytes: 0 }),
    sample,
    counters: () => {
      const { readBytes, writtenBytes, openedSockets } = mirrored(world);
      return { upBytes: readBytes, downBytes: writtenBytes, connections: openedSockets };
    },
    datagrams: () => {
      throw new Error('no datagrams in memory');
    },
    begin: () => {
      lateness.reset();
      selfTick.begin();
    },
    lateness: lateness.encoded,
    gaps: selfTick.end,
  };
}

function memoryBackplane(world: World, sample: Sample): Answering<'backplane'> {
  return {
    start: () => {},
    begin: () => world.begin(),
    sample,
    ledger: () => orderOf(world),
    updates: () => world.updates(),
  };
}

function memoryProxy(world: World, sample: Sample): Answering<'proxy'> {
  return {
    start: () => ({ port: 6_000, version: '1.26.0', configuration: 'worker_processes 1;', workers: 1 }),
    sample,
    reload: () => world.cut(world.clients),
  };
}
