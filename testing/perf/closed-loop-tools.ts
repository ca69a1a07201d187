import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { newEpoch } from '../../machine/process/clock.ts';
import { updatesPath } from '../../protocol/routes.ts';
import { attempted, type CostSample, Missed } from './attempts.ts';
import { type Child, cores, startChild } from './child.ts';
import type { Programs } from './programs.ts';
import type { ReceiverLoad } from './receivers.ts';
import type { AutocannonCalls } from './receiving/autocannon-main.ts';
import type { SenderCalls } from './serving/sender-main.ts';

/** Other load generators that ask again as soon as they are answered. wrk and h2load are written in C. */
export type ClosedLoopTool = 'autocannon' | 'wrk' | 'h2load';

/** A tool whose parent is killed ends by itself. */
const longEnoughSeconds = 30;

const commands: Readonly<Record<'wrk' | 'h2load', (connections: number) => readonly string[]>> = {
  wrk: (connections) => ['-t1', `-c${connections}`, `-d${longEnoughSeconds}s`],
  h2load: (connections) => ['--h1', '-t1', `-c${connections}`, '-m1', `-D${longEnoughSeconds}`],
};

/** Whether it can be started here. */
export function isInstalled(tool: ClosedLoopTool): boolean {
  return tool === 'autocannon' || spawnSync(tool, ['--version'], { stdio: 'ignore' }).error === undefined;
}

const warmUpMs = 2_000;
const windowMs = 3_000;

/**
 * CPU time of a tool for each request, with the bare sender on another core. Rejects with `Missed` where its speed
 * changed within the window, several times over.
 */
export function measureTool(programs: Programs, tool: ClosedLoopTool, load: ReceiverLoad): Promise<CostSample> {
  return attempted(async () => {
    const sender = startChild<SenderCalls>(programs.sender, cores.otherEnd);
    try {
      const { transport, scenario } = load;
      const { channels, payload } = scenario;
      const config = { epoch: newEpoch(), transport, channels, payloadBytes: payload.bytes, ports: 1 };
      const [port] = await sender.ask('start', config);
      const running = startTool(programs, tool, {
        url: `http://127.0.0.1:${port}${updatesPath}?channel=0&client=0&after=1234`,
        connections: scenario.clients,
      });
      try {
        return await measureOnce(sender, running);
      } finally {
        await running.end();
      }
    } finally {
      await sender.end();
    }
  });
}

/** A tool at work. `cpuUs`: CPU time of all its threads so far. */
type Running = { readonly cpuUs: () => Promise<number>; readonly end: () => Promise<void> };

async function measureOnce(sender: Child<SenderCalls>, { cpuUs }: Running): Promise<CostSample> {
  await sleep(warmUpMs);
  const read = async () => ({
    sent: (await sender.ask('sent')).deliveries,
    cpuUs: await cpuUs(),
    ms: performance.now(),
  });
  const readings = [await read()];
  for (const _half of [0, 1]) {
    await sleep(windowMs / 2);
    readings.push(await read());
  }
  const [start, middle, end] = readings as [Reading, Reading, Reading];
  const [first, second] = [costBetween(start, middle), costBetween(middle, end)];
  // A tool that has stopped asking would look cheap.
  if (!(Math.abs(first.perSecond / second.perSecond - 1) < mostChange)) {
    throw new Missed(`${Math.round(first.perSecond)} requests a second, then ${Math.round(second.perSecond)}`);
  }
  return costBetween(start, end);
}

const mostChange = 0.2;

type Reading = { readonly sent: number; readonly cpuUs: number; readonly ms: number };

function costBetween(from: Reading, to: Reading): CostSample {
  const requests = to.sent - from.sent;
  return { cpuUs: (to.cpuUs - from.cpuUs) / requests, perSecond: (requests * 1000) / (to.ms - from.ms) };
}

type Asked = { readonly url: string; readonly connections: number };

function startTool(programs: Programs, tool: ClosedLoopTool, asked: Asked): Running {
  if (tool === 'autocannon') {
    const child = startChild<AutocannonCalls>(programs.autocannon, cores.measured);
    const started = child.ask('start', asked);
    return { cpuUs: async () => started.then(async () => (await child.ask('sample')).cpuUs), end: child.end };
  }
  const words = [...commands[tool](asked.connections), asked.url];
  const child = spawn('taskset', ['-c', String(cores.measured), tool, ...words], { stdio: 'ignore' });
  return { cpuUs: async () => cpuUsOf(tool, child.pid!), end: () => kill(child) };
}

/** CPU time that the threads of another process have had, in microseconds (`schedstat`, exact to the last switch). */
function cpuUsOf(tool: ClosedLoopTool, pid: number): number {
  const threads = `/proc/${pid}/task`;
  if (!existsSync(threads)) throw new Missed(`${tool} has ended by itself`);
  return readdirSync(threads).reduce(
    (sum, thread) => sum + Number(readFileSync(`${threads}/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1000,
    0,
  );
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
