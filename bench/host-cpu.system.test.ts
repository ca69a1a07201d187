import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { busyMs, readCoreIdle } from '../network/core-time.ts';
import { openIsolatedNetwork } from '../network/isolated.ts';
import { plainLink } from '../network/path.ts';
import { choosePinning } from './pinning.ts';

/**
 * A known load on the server's core, made of a process that spins and of packets that nobody wants. What it takes is
 * learnt without any counter of the kernel: from how much less a process that only gets what is left over comes to.
 */
const windowMs = 3_000;
const attempts = 8;
const wantedAttempts = 3;
const quietWithinMs = 3_000;
const tolerance = 0.03;
const port = 9;

/** Spins this long in every period, by the clock. */
const spinner = `const [spinMs, periodMs] = [6, 20];
let next = performance.now();
(function turn() {
  next += periodMs;
  const end = performance.now() + spinMs;
  while (performance.now() < end);
  setTimeout(turn, Math.max(0, next - performance.now()));
})();`;

/** To a port where nobody listens, as many packets a millisecond, however late the timer: all their cost is the kernel's. */
const flooder = `const socket = require('node:dgram').createSocket('udp4');
const packet = Buffer.alloc(100);
socket.on('error', () => {});
socket.connect(${port}, process.argv[1], () => {
  const startedMs = performance.now();
  let sent = 0;
  setInterval(() => {
    for (const due = (performance.now() - startedMs) * 20; sent < due; sent++) socket.send(packet);
  }, 1);
});`;

/** Counts rounds of the same work, and tells how many since it was last asked. */
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

/** Rounds per millisecond of what gets only the time that nobody else wants on this core. */
async function leftOverRate(core: number, duringMs: number): Promise<number> {
  const words = ['taskset', '-c', String(core), 'chrt', '-i', '0', process.execPath, '-e', soaker];
  const { child, stop } = start(words, 'ipc');
  const ask = () =>
    new Promise<{ readonly rounds: number; readonly atMs: number }>((resolve) => {
      child.once('message', (rounds) => resolve({ rounds: Number(rounds), atMs: performance.now() }));
      child.send(0);
    });
  try {
    // Compiled by then.
    await sleep(700);
    const from = await ask();
    await sleep(duringMs);
    const to = await ask();
    return to.rounds / (to.atMs - from.atMs);
  } finally {
    await stop();
  }
}

async function measured(core: number, duringMs: number): Promise<number> {
  const from = readCoreIdle(core);
  await sleep(duringMs);
  const to = readCoreIdle(core);
  return busyMs(from, to) / (to.atMs - from.atMs);
}

/** Waits for a moment at which nobody else uses the core, and not for ever. */
async function untilQuiet(core: number): Promise<void> {
  for (let waited = 0; waited < quietWithinMs; waited += 300) {
    const from = readCoreIdle(core);
    await sleep(300);
    if (busyMs(from, readCoreIdle(core)) <= 10) return;
  }
}

const { cores } = choosePinning();
const skip = process.getuid?.() !== 0 ? 'not root' : cores === null && 'one core only';

type Attempt = { readonly truth: number; readonly told: number; readonly disturbed: boolean };

/** Everything twice, before and after: a machine that does something else meanwhile does not give the same again. */
async function attempt(core: number, startLoad: () => readonly Started[]): Promise<Attempt> {
  const aloneBefore = await leftOverRate(core, 500);
  const load = startLoad();
  await sleep(500);
  const toldBefore = await measured(core, windowMs / 2);
  const left = await leftOverRate(core, windowMs);
  const toldAfter = await measured(core, windowMs / 2);
  await Promise.all(load.map(({ stop }) => stop()));
  const aloneAfter = await leftOverRate(core, 500);
  return {
    truth: 1 - (2 * left) / (aloneBefore + aloneAfter),
    told: (toldBefore + toldAfter) / 2,
    disturbed: differ(aloneBefore, aloneAfter) || differ(toldBefore, toldAfter),
  };
}

/** One tick of the kernel's counters is 1% of these windows. */
function differ(a: number, b: number): boolean {
  return Math.abs(a - b) > 0.03 * Math.max(a, b);
}

test('host CPU of a known spin and a known flood of packets is within 3% of the truth', { skip }, async (t) => {
  const { server, others } = cores!;
  const network = await openIsolatedNetwork({ link: plainLink(0), cores });
  const node = (core: number, enter: readonly string[], code: string) =>
    start(['taskset', '-c', String(core), ...enter, process.execPath, '-e', code, network.serverHost], 'ignore');
  const startLoad = () => [
    node(server, network.enter.server, spinner),
    node(others[0]!, network.enter.client, flooder),
  ];
  const errors: number[] = [];
  try {
    assert.ok(network.attributed);
    for (let i = 0; i < attempts && errors.length < wantedAttempts; i++) {
      await untilQuiet(server);
      const { truth, told, disturbed } = await attempt(server, startLoad);
      const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
      t.diagnostic(`truth ${percent(truth)}, told ${percent(told)}${disturbed ? ', disturbed' : ''}`);
      if (disturbed) continue;
      assert.ok(truth > 0.3, `the flood was not felt: ${truth}`);
      errors.push(told / truth - 1);
    }
  } finally {
    await network.close();
  }
  assert.ok(errors.length > 0, 'the machine was too busy with something else for a judgement');
  const median = errors.sort((a, b) => a - b)[Math.floor(errors.length / 2)]!;
  assert.ok(
    Math.abs(median) <= tolerance,
    `off by ${errors.map((error) => `${(100 * error).toFixed(1)}%`).join(', ')}`,
  );
});
