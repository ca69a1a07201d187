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
const windowMs = 2_000;
/** A machine that does something else meanwhile shows in one attempt or the other. */
const attempts = 6;
const quietWithinMs = 6_000;
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

async function measured(core: number): Promise<number> {
  const from = readCoreIdle(core);
  await sleep(windowMs);
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

test('host CPU of a known spin and a known flood of packets is within 3% of the truth', { skip }, async (t) => {
  const { server, others } = cores!;
  const network = await openIsolatedNetwork({ link: plainLink(0), cores });
  const node = (core: number, enter: readonly string[], code: string) =>
    start(['taskset', '-c', String(core), ...enter, process.execPath, '-e', code, network.serverHost], 'ignore');
  const errors: number[] = [];
  try {
    assert.ok(network.attributed);
    let alone = 0;
    for (let attempt = 0; attempt < attempts; attempt++) {
      await untilQuiet(server);
      // The core's own speed: whatever else ran meanwhile can only have made it look slower.
      alone = Math.max(alone, await leftOverRate(server, 500));
      const load = [node(server, network.enter.server, spinner), node(others[0]!, network.enter.client, flooder)];
      await sleep(500);
      const told = await measured(server);
      const truth = 1 - (await leftOverRate(server, windowMs)) / alone;
      await Promise.all(load.map(({ stop }) => stop()));
      errors.push(told / truth - 1);
      t.diagnostic(`truth ${(100 * truth).toFixed(1)}%, told ${(100 * told).toFixed(1)}%`);
      if (truth > 0.3 && Math.abs(errors.at(-1)!) <= tolerance) return;
    }
  } finally {
    await network.close();
  }
  assert.fail(`off by ${errors.map((error) => `${(100 * error).toFixed(1)}%`).join(', ')}`);
});
