import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../machine/host/project-root.ts';
import { kinds } from './kinds.ts';
import type { Asked, Tried } from './worker.ts';

/** A seed gives the same input again: `npm run evidence -- fuzz --kind yaml --seed 17`. */
export type Fault = { readonly kind: string; readonly seed: number; readonly text: string };

export type Campaign = { readonly tried: ReadonlyMap<string, number>; readonly faults: readonly Fault[] };

export type CampaignOptions = {
  readonly names: readonly string[];
  readonly firstSeed: number;
  /** Ends when this time is over and, of each kind, `leastShare` of what a whole campaign tries has been tried, or one. */
  readonly minutes: number;
  readonly leastShare: number;
  readonly say: (line: string) => void;
};

const tooLongMs = 10_000;
/** A worker loads its sources and what it needs, on a busy machine too. */
const startsWithinMs = 60_000;
/** The page and the command start programs of their own; each has limits of its own. */
const slowMs = 90_000;
const slow = new Set(['pages', 'command', 'options']);
const mostMemoryBytes = 1_000_000_000;
const mostFaultsOfKind = 20;

/** Tries inputs of these kinds side by side, each kind in processes of its own, so that a crash or a hang is seen. */
export async function runCampaign(options: CampaignOptions): Promise<Campaign> {
  const startedMs = performance.now();
  const tried = new Map<string, number>(options.names.map((name) => [name, 0]));
  const faults: Fault[] = [];
  const seeds = new Map<string, number>();
  const isTimeOver = () => performance.now() - startedMs > options.minutes * 60_000;
  const least = (name: string) => Math.max(1, Math.ceil(kinds[name]!.least * options.leastShare));
  const begun = (name: string) => seeds.get(name) ?? 0;
  const isShort = (name: string) => begun(name) < least(name);
  const faultsOf = (name: string) => faults.filter(({ kind }) => kind === name).length;
  /** First what is still short of its least number, the furthest behind first; then all in turn. */
  const next = (): string | undefined => {
    const open = options.names.filter((name) => faultsOf(name) < mostFaultsOfKind);
    const short = open.filter(isShort);
    if (short.length === 0 && isTimeOver()) return undefined;
    const share = (name: string) => begun(name) / kinds[name]!.least;
    return (short.length > 0 ? short : open).reduce<string | undefined>(
      (a, b) => (a === undefined || share(b) < share(a) ? b : a),
      undefined,
    );
  };
  const lane = async () => {
    const workers = new Map<string, ChildProcess>();
    for (let name = next(); name !== undefined; name = next()) {
      const seed = options.firstSeed + begun(name);
      seeds.set(name, begun(name) + 1);
      const worker = workers.get(name) ?? (await startWorker(name));
      workers.set(name, worker);
      const text = await faultOf(worker, name, { seed });
      tried.set(name, tried.get(name)! + 1);
      if (text === undefined) continue;
      faults.push({ kind: name, seed, text });
      options.say(`${name}, seed ${seed}: ${text.split('\n').slice(0, 4).join(' | ').slice(0, 500)}`);
      worker.kill('SIGKILL');
      workers.delete(name);
    }
    await Promise.all([...workers.values()].map(stopWorker));
  };
  const progress = setInterval(() => options.say(countsText(tried)), 60_000);
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  clearInterval(progress);
  return { tried, faults };
}

export function countsText(tried: ReadonlyMap<string, number>): string {
  return [...tried].map(([name, count]) => `${name} ${count}`).join(', ');
}

async function startWorker(name: string): Promise<ChildProcess> {
  const worker = fork(join(import.meta.dirname, 'worker.ts'), [name], {
    cwd: projectRoot,
    // Colours are escape codes, too, and some are given where CI is set.
    env: { ...process.env, NO_COLOR: '1' },
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  worker.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said.set(worker, `${said.get(worker) ?? ''}${text}`.slice(-2_000));
  });
  const signal = AbortSignal.timeout(startsWithinMs);
  const ended = once(worker, 'exit', { signal }).then(() => {
    throw new Error(`the worker for ${name} did not start: ${said.get(worker)}`);
  });
  ended.catch(() => {});
  // Its first message says that it is ready.
  await Promise.race([once(worker, 'message', { signal }), ended]);
  return worker;
}

const said = new WeakMap<ChildProcess, string>();

async function faultOf(worker: ChildProcess, name: string, asked: Asked): Promise<string | undefined> {
  const withinMs = slow.has(name) ? slowMs : tooLongMs;
  if (worker.exitCode !== null || worker.signalCode !== null) {
    return `ended the process after its answer: ${said.get(worker) ?? ''}`;
  }
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), withinMs);
  const { signal } = over;
  const answered = once(worker, 'message', { signal }).then(([tried]) => tried as Tried);
  const ended = once(worker, 'exit', { signal }).then(([code, by]) => ({ code, signal: by }));
  answered.catch(() => {});
  ended.catch(() => {});
  worker.send(asked);
  try {
    const first = await Promise.race([answered, ended]);
    if ('code' in first) return `ended the process (${first.signal ?? first.code}): ${said.get(worker) ?? ''}`;
    if (first.memoryBytes > mostMemoryBytes) return `${Math.round(first.memoryBytes / 1e6)} MB of memory`;
    return first.fault;
  } catch {
    return `no end within ${withinMs / 1000} s`;
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}

async function stopWorker(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const ended = once(worker, 'exit');
  worker.disconnect();
  const timer = setTimeout(() => worker.kill('SIGKILL'), tooLongMs);
  await ended;
  clearTimeout(timer);
}
