import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { choosePinning } from '../../bench/local/pinning.ts';
import { busyMs, readCoreIdle } from '../../machine/host/core-time.ts';
import { openIsolatedNetwork } from '../../network/isolated/isolated.ts';
import type { Cores } from '../../network/isolated/steering.ts';
import { plainLink } from '../../network/link/path.ts';

/**
 * A known load on the server's core: a process that spins, and packets to a closed port. Its CPU share is found without
 * counters of the kernel: from how much less work a process gets done that only runs when the core is free.
 */
const roundMs = 1_000;
const rounds = 5;
/** Before the load, and again after it. */
const roundsAlone = 2;
/**
 * More than one, because the machine may do something else during a whole attempt, and each with a new network and new
 * processes: how a core takes packets, and what they cost it when it is idle and when it is busy, differs between them.
 */
const attempts = 8;
const tolerance = 0.03;
const spinShare = 0.5;

/** A port without a listener. */
const port = 9;

/** Spins for 10 ms of every 20 ms, by the clock. */
const spinner = `const [spinMs, periodMs] = [10, 20];
let next = performance.now();
(function turn() {
  next += periodMs;
  const end = performance.now() + spinMs;
  while (performance.now() < end);
  setTimeout(turn, Math.max(0, next - performance.now()));
})();`;

/**
 * Sends 12 packets per millisecond, catching up after late timers. No socket listens, so their cost is the kernel's.
 */
const flooder = `const socket = require('node:dgram').createSocket('udp4');
const packet = Buffer.alloc(100);
socket.on('error', () => {});
socket.connect(${port}, process.argv[1], () => {
  const startedMs = performance.now();
  let sent = 0;
  setInterval(() => {
    for (const due = (performance.now() - startedMs) * 12; sent < due; sent++) socket.send(packet);
  }, 5);
});`;

/** Counts rounds of the same work, and reports their number since the last question. */
const soaker = `let rounds = 0;
process.on('message', () => { process.send(rounds); rounds = 0; });
(function soak() {
  for (let i = 0; i < 20; i++) { let sum = 0; for (let n = 0; n < 2000; n++) sum = (sum * 31 + n) | 0; rounds += sum === 1 ? 2 : 1; }
  setImmediate(soak);
})();`;

type Started = { readonly child: ChildProcess; readonly stop: () => Promise<void> };

function start(words: readonly string[], stdio: 'ignore' | 'ipc'): Started {
  const child = spawn(words[0]!, words.slice(1), { stdio: ['ignore', 'ignore', 'inherit', stdio] });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    child,
    stop: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

type Soaker = {
  /** Runs the process for a second. Returns its rounds of work per millisecond; at all other times it is stopped. */
  readonly rate: () => Promise<number>;
  readonly stop: () => Promise<void>;
};

/** A process of idle priority: it gets only the CPU time that no other process uses on this core. */
async function startSoaker(core: number): Promise<Soaker> {
  const words = ['taskset', '-c', String(core), 'chrt', '-i', '0', process.execPath, '-e', soaker];
  const { child, stop } = start(words, 'ipc');
  const ask = () =>
    new Promise<{ readonly rounds: number; readonly atMs: number }>((resolve) => {
      child.once('message', (done) => resolve({ rounds: Number(done), atMs: performance.now() }));
      child.send(0);
    });
  const rate = async () => {
    child.kill('SIGCONT');
    const from = await ask();
    await sleep(roundMs);
    const to = await ask();
    child.kill('SIGSTOP');
    return to.rounds / (to.atMs - from.atMs);
  };
  // Compiles the code before the first measurement.
  await rate();
  return { rate, stop };
}

async function measured(core: number): Promise<number> {
  const from = readCoreIdle(core);
  await sleep(roundMs);
  const to = readCoreIdle(core);
  return busyMs(from, to) / (to.atMs - from.atMs);
}

/** The median, because a short disturbance of one round does not change it. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
}

/**
 * Shares of the core that the load takes: the truth and what the kernel reports, in turns, as no load is constant. A
 * stand-in for the load's work on the other core runs while the process is alone on this one: two cores of a virtual
 * machine may be threads of one physical core, and slow each other down.
 */
async function compare(
  core: number,
  startLoad: () => readonly Started[],
  startStandIn: () => Started,
): Promise<Shares> {
  const left: number[] = [];
  const told: number[] = [];
  const alone: number[] = [];
  const { rate, stop } = await startSoaker(core);
  const rateAlone = async () => {
    const standIn = startStandIn();
    await sleep(500);
    for (let i = 0; i < roundsAlone; i++) alone.push(await rate());
    await standIn.stop();
  };
  let load: readonly Started[] = [];
  try {
    await rateAlone();
    load = startLoad();
    await sleep(500);
    for (let i = 0; i < rounds; i++) {
      told.push(await measured(core));
      left.push(await rate());
    }
    await Promise.all(load.map((each) => each.stop()));
    await rateAlone();
  } finally {
    await Promise.all([...load.map((each) => each.stop()), stop()]);
  }
  return { truth: 1 - median(left) / median(alone), told: median(told) };
}

const { cores } = choosePinning();
const skip = process.getuid?.() !== 0 ? 'not root' : cores === null && 'one core only';

type Shares = { readonly truth: number; readonly told: number };

/** One comparison with a network and processes of its own. */
async function attempt({ server: [server], others }: Cores): Promise<Shares> {
  const network = await openIsolatedNetwork({ link: plainLink(0), cores });
  const node = (core: number, enter: readonly string[], code: string, host = network.serverHost) =>
    start(['taskset', '-c', String(core), ...enter, process.execPath, '-e', code, host], 'ignore');
  try {
    assert.ok(network.attributed);
    return await compare(
      server!,
      () => [node(server!, network.enter.server, spinner), node(others[0]!, network.enter.client, flooder)],
      () => node(others[0]!, [], flooder, '127.0.0.1'),
    );
  } finally {
    await network.close();
  }
}

test('host CPU of a known spin and a known flood of packets is within 3% of the truth', { skip }, async (t) => {
  const errors: number[] = [];
  while (errors.length < attempts && !errors.some((error) => Math.abs(error) <= tolerance)) {
    const { truth, told } = await attempt(cores!);
    t.diagnostic(`truth ${(100 * truth).toFixed(1)}%, told ${(100 * told).toFixed(1)}%`);
    // Less than the spin alone: the core was already slow while none of our load ran, so something else used it.
    errors.push(truth < spinShare ? Number.POSITIVE_INFINITY : told / truth - 1);
  }
  assert.ok(Math.abs(errors.at(-1)!) <= tolerance, `off by ${errors.map((error) => `${(100 * error).toFixed(1)}%`)}`);
});
