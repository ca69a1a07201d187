import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { findLeftovers, type Leftovers } from '../../bench/local/leftovers.ts';
import {
  clientsInMemory,
  clientsThatFit,
  leastMemoryBytes,
  type MachineLimits,
  readMachineLimits,
} from '../../bench/plan/capacity.ts';
import { readCgroupLimits } from '../../machine/host/cgroup.ts';
import { chromiumCommands, findCommand } from '../../machine/host/system-tools.ts';
import { canKeepCoresAwake } from '../../machine/host/wakeful-cores.ts';
import { transports } from '../../protocol/transport.ts';
import { checkDirectory } from '../../results/store/directory.ts';
import { scenarios } from '../../scenarios/catalogue/catalogue.ts';
import { plainText } from '../../text/plain-text.ts';
import { reasonOf } from '../../text/reason.ts';
import { resultsDirectory } from '../files/directories.ts';
import type { Finding } from './finding.ts';
import { isolatedFinding } from './network-finding.ts';

/** To look at one limit by itself. */
const noLimits: MachineLimits = {
  openFiles: Number.POSITIVE_INFINITY,
  ephemeralPorts: Number.POSITIVE_INFINITY,
  memoryBytes: Number.POSITIVE_INFINITY,
};

const mebibytes = 2 ** 20;

/** All checks, the most important first. */
export async function findings(): Promise<readonly Finding[]> {
  const limits = readMachineLimits();
  return [
    nodeVersion(process.versions.node),
    cores(availableParallelism(), readCgroupLimits().cpuCores),
    memory(limits.memoryBytes),
    ...memoryLimit(readCgroupLimits().memoryBytes),
    openFiles(limits),
    ephemeralPorts(limits),
    tool(
      'taskset',
      'pins processes to cores',
      'install util-linux; runs work without it, their CPU figures scatter more',
    ),
    idleCores(canKeepCoresAwake()),
    congestionControl(),
    resultsWritable(),
    await isolatedFinding(),
    leftOvers(),
    tool(chromiumCommands, 'opens the report in system tests', 'install chromium; npm run verify skips those tests'),
    tool(
      'nginx',
      'is the proxy of --proxy nginx',
      'install nginx-light; without it those paths are refused, and npm run verify skips their tests',
    ),
    tool('haproxy', 'stands for your own proxy in system tests', 'install haproxy; npm run verify skips those tests'),
  ];
}

export function nodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const what = `Node.js ${version}`;
  return major > 20 || (major === 20 && minor >= 19)
    ? { level: 'ok', what }
    : { level: 'fail', what, advice: 'install 20.19 or newer' };
}

/** `allowed`: what the control group allows, in cores; null: no limit. */
export function cores(count: number, allowed: number | null): Finding {
  const counted = `${count} ${count === 1 ? 'core' : 'cores'}`;
  const isLimited = allowed !== null && allowed < count;
  const what = isLimited ? `${counted}, of which the control group allows ${allowed}` : counted;
  if (count >= 2 && !isLimited) return { level: 'ok', what };
  if (count >= 2) return { level: 'warn', what, advice: 'processes are stopped when it is used up; raise the limit' };
  return {
    level: 'warn',
    what,
    advice: 'server and load share it, so CPU figures contain each other; use two or more',
  };
}

/** Memory that is free, or can be freed at once, as clients: what a small run takes is not counted. */
export function memory(availableBytes: number): Finding {
  const fit = clientsInMemory({ memoryBytes: availableBytes });
  const shown = `memory ${Math.round(availableBytes / mebibytes)} MiB available (free -m shows what is taken)`;
  const what = `${shown}: up to about ${rounded(fit)} clients`;
  if (availableBytes >= leastMemoryBytes) return { level: 'ok', what };
  return { level: 'warn', what, advice: 'the system may end a run; end other programs until 512 MiB are available' };
}

/** Two digits, since memory per client differs more than that between scenarios. */
function rounded(clients: number): number {
  return Number(clients.toPrecision(2));
}

/** Only where the control group has a limit: whether a small run fits. The memory available is within it. */
export function memoryLimit(bytes: number | null): readonly Finding[] {
  if (bytes === null) return [];
  const what = `memory limit of the control group ${Math.round(bytes / mebibytes)} MiB (docker run --memory sets it)`;
  if (bytes >= leastMemoryBytes) return [{ level: 'ok', what }];
  return [{ level: 'warn', what, advice: 'the system may end a run; allow 512 MiB, more for thousands of clients' }];
}

const publishing = scenarios.find(({ origin }) => origin === 'client')!;

/** Warns if the default clients of a built-in scenario do not fit the limit of open files. */
export function openFiles({ openFiles: count }: Pick<MachineLimits, 'openFiles'>): Finding {
  const limits = { ...noLimits, openFiles: count };
  if (count === Number.POSITIVE_INFINITY) return { level: 'ok', what: 'open files unlimited: they bound no clients' };
  const [websocket, http] = (['websocket', 'sse'] as const).map((each) => clientsThatFit(publishing, each, limits));
  const what =
    `open files ${count} a process (ulimit -n sets it): up to ${websocket} clients over WebSocket to one server, ` +
    `${http} that publish over HTTP`;
  const refused = scenarios.filter((scenario) =>
    transports.some((transport) => clientsThatFit(scenario, transport, limits) < scenario.clients),
  );
  if (refused.length === 0) return { level: 'ok', what };
  const names = refused.map(({ name }) => name).join(', ');
  return { level: 'warn', what, advice: `too few for ${names}; raise the limit: ulimit -n 20000` };
}

/** Each connection of a client takes a port of its own, since all come from one address to one server. */
export function ephemeralPorts({ ephemeralPorts: count }: Pick<MachineLimits, 'ephemeralPorts'>): Finding {
  const limits = { ...noLimits, ephemeralPorts: count };
  const what =
    `${count} local ports (sysctl net.ipv4.ip_local_port_range sets them): up to ` +
    `${clientsThatFit(publishing, 'websocket', limits)} clients over WebSocket to one server`;
  return count >= 10_000
    ? { level: 'ok', what }
    : {
        level: 'warn',
        what,
        advice: 'widen it for many clients: sysctl -w net.ipv4.ip_local_port_range="32768 60999"',
      };
}

function tool(names: string | readonly string[], purpose: string, advice: string): Finding {
  const found = findCommand(...[names].flat());
  const name = [names].flat()[0];
  return found === undefined
    ? { level: 'warn', what: `${name} is missing (it ${purpose})`, advice }
    : { level: 'ok', what: `${name} at ${found}` };
}

export function idleCores(keptAwake: boolean): Finding {
  if (keptAwake) return { level: 'ok', what: 'idle cores can be kept awake' };
  return {
    level: 'warn',
    what: 'idle cores fall asleep: /dev/cpu_dma_latency cannot be written',
    advice: 'run as root on Linux; runs work without it, CPU of calm scenarios then contains waking up',
  };
}

function congestionControl(): Finding {
  const name = readText('/proc/sys/net/ipv4/tcp_congestion_control')?.trim();
  if (name === undefined)
    return { level: 'warn', what: 'congestion control cannot be read', advice: 'compare only runs of this machine' };
  return { level: 'ok', what: `congestion control ${name} (recorded in every run)` };
}

function resultsWritable(): Finding {
  try {
    checkDirectory(join(resultsDirectory, 'doctor'));
    return { level: 'ok', what: `${resultsDirectory}/ can be written` };
  } catch (error) {
    const what = plainText(reasonOf(error));
    return { level: 'fail', what, advice: 'run from a directory that can be written, or give --out' };
  }
}

/** Leftovers of a killed run; the next run removes them. */
function leftOvers(): Finding {
  const left = leftoversText(findLeftovers());
  if (left === '') return { level: 'ok', what: 'nothing is left over of killed runs' };
  const advice = 'the next pvw run removes it, and so does pvw doctor --clean';
  return { level: 'warn', what: `left over of killed runs: ${left}`, advice };
}

/** `2 temporary directories and 1 process`; empty if nothing is left. */
export function leftoversText({ directories, processes }: Leftovers): string {
  const parts = [
    counted(directories.length, 'temporary directory', 'temporary directories'),
    counted(processes.length, 'process', 'processes'),
  ];
  return parts.filter((part) => part !== '').join(' and ');
}

function counted(count: number, one: string, many: string): string {
  return count === 0 ? '' : `${count} ${count === 1 ? one : many}`;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
