import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { filesOf } from '../../results/store/files.ts';
import { readRun } from '../../results/store/read-run.ts';
import { reasonOf } from '../../text/reason.ts';
import { assertCounted, ended, oneTrial, pvw, trialIn } from '../commands/isolated-command.ts';
import { until } from '../commands/started-command.ts';

/** A run loads, builds its network, starts processes, connects clients, and measures more trials than it will live for. */
const measured = ['--network', 'isolated', '--duration', '500ms', '--repeats', '20'];

/** How far a run gets before the wait begins after which it is killed. Each run takes the next of these. */
const moments = ['started', 'measuring', 'finished'] as const;

const longestWaitMs: Readonly<Record<(typeof moments)[number], number>> = {
  started: 6_000,
  measuring: 12_000,
  finished: 3_000,
};

/** On a busy machine a trial begins after tens of seconds. */
const startsWithinMs = 60_000;
/** Several are killed at about the same time, beside each other. */
const atOnce = 2;

/** What was seen after runs were killed, and one more run was made. */
export type Killed = {
  /** Runs that had network namespaces when they were killed. */
  readonly reached: number;
  /** Trials that the runs had announced as ended, in all together. */
  readonly announced: number;
  /** Trials that can be read, in all runs together. */
  readonly trials: number;
  /** Runs that cannot be read, or that lack a trial which they had announced: each with what is wrong. */
  readonly unreadable: readonly string[];
  /** What is left of the killed runs: processes, namespaces, devices, files in the temporary directory. */
  readonly left: readonly string[];
};

/** Kills `count` runs with SIGKILL at random instants, then makes one more, which has to begin and to clean up. */
export async function killRuns(home: string, count: number, seed: number): Promise<Killed> {
  const mark = `PVW_KILLED_${process.pid}`;
  const generator = xoroshiro128plus(seed);
  const before = interfaces();
  let reached = 0;
  const kill = async (i: number) => {
    const moment = moments[i % moments.length]!;
    const waitMs = uniformInt(generator, 0, longestWaitMs[moment]);
    const child = start(home, i, mark);
    const gone = once(child, 'exit');
    const its = markOf(mark, i);
    if (moment !== 'started') await untilMeasuring(child, home, its);
    if (moment === 'finished') await until(() => announcedBy(home, i) > 0, startsWithinMs);
    await sleep(waitMs);
    // Between two trials a run has no network, and less to leave behind.
    if (moment === 'measuring') await until(() => namespacesOf(its).size > 0, startsWithinMs);
    if (namespacesOf(its).size > 0) reached++;
    child.kill('SIGKILL');
    await gone;
  };
  for (let i = 0; i < count; i += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, count - i) }, (_, k) => kill(i + k)));
  }
  const next = await ended(home, [process.execPath, pvw, ...oneTrial, '--network', 'isolated', '--out', 'next']);
  assertCounted(trialIn(next));
  await until(() => processesWith(mark).length === 0);
  return {
    reached,
    ...readAll(home, count),
    left: [
      ...[...namespacesOf(mark)].map((link) => `the namespace ${link}`),
      ...interfaces().filter((name) => !before.includes(name)),
      ...readdirSync(home).filter((name) => !isExpected(name)),
    ],
  };
}

/** Starts a run that leaves what it says in a file: a pipe would lose what nobody has read. */
function start(home: string, i: number, mark: string): ChildProcess {
  const words = [pvw, ...oneTrial, ...measured, '--out', `killed-${i}`];
  const [name, value] = markOf(mark, i).split('=');
  const env = { ...process.env, PVW_SHARE_MACHINE: '1', TMPDIR: home, [name!]: value };
  const said = openSync(saidBy(home, i), 'w');
  try {
    return spawn(process.execPath, words, { cwd: home, env, stdio: ['ignore', 'ignore', said] });
  } finally {
    closeSync(said);
  }
}

/** A variable in the environment of a run, which its processes inherit. */
function markOf(mark: string, i: number): string {
  return `${mark}=${i}.`;
}

function saidBy(home: string, i: number): string {
  return join(home, `killed-${i}.txt`);
}

/** Trials that a run has announced as ended, each in a line `done    [n/m] …` or `failed  [n/m] …`. */
function announcedBy(home: string, i: number): number {
  return readFileSync(saidBy(home, i), 'utf8').match(/^(done|failed) +\[ *\d+\/\d+\]/gm)?.length ?? 0;
}

/** Results, what the runs said, and the loader's cache. Hidden names are left over, too. */
function isExpected(name: string): boolean {
  return /^(killed-\d+(\.txt)?|next|tsx-\d+)$/.test(name);
}

async function untilMeasuring({ pid }: ChildProcess, home: string, mark: string): Promise<void> {
  // To look for a file is cheaper than to look through all processes.
  await until(() => readdirSync(home).some((name) => name.startsWith(`pvw-${pid}-`)), startsWithinMs);
  const hasServer = () => processesWith(mark).some((id) => readProc(id, 'cmdline').includes('/server.cjs'));
  await until(hasServer, startsWithinMs);
}

function readAll(home: string, count: number): Pick<Killed, 'announced' | 'trials' | 'unreadable'> {
  const total = { announced: 0, trials: 0 };
  const unreadable: string[] = [];
  for (let i = 0; i < count; i++) {
    const announced = announcedBy(home, i);
    total.announced += announced;
    try {
      const trials = readTrials(join(home, `killed-${i}`));
      total.trials += trials;
      if (trials < announced) unreadable.push(`killed-${i}: ${announced} trials were announced, ${trials} can be read`);
    } catch (error) {
      unreadable.push(`killed-${i}: ${reasonOf(error)}`);
    }
  }
  return { ...total, unreadable };
}

/** Trials that can be read; none of a run that was killed while it loaded. */
function readTrials(directory: string): number {
  return existsSync(filesOf(directory).run) ? readRun(directory).trials.length : 0;
}

/** Devices in this namespace that an isolated network might have left. Found by name, since others come and go. */
function interfaces(): readonly string[] {
  return readdirSync('/sys/class/net').filter((name) => /^(inner|outer|to-server|to-client|probe)$/.test(name));
}

/** Ids of the processes with `mark` in their environment, which child processes inherit. */
function processesWith(mark: string): readonly string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && readProc(name, 'environ').includes(mark));
}

/** Network namespaces of marked processes, except ours. A namespace lives as long as a process is in it. */
function namespacesOf(mark: string): ReadonlySet<string> {
  const ours = linkOf('self');
  return new Set(
    processesWith(mark)
      .map(linkOf)
      .filter((link) => link !== '' && link !== ours),
  );
}

function linkOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return '';
  }
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
