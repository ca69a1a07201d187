import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { limits } from '../../analysis/validity/limits.ts';
import { type Instruments, startInstruments } from '../../bench/local/instruments.ts';
import { noiseBetween } from '../../bench/record/noise-record.ts';
import type { NoiseRecord } from '../../results/schema/schema.ts';
import { allowedCores } from './allowed-cores.ts';

const windowMs = 1_000;
const never = new AbortController().signal;
const cores = allowedCores();

test('sees at least the CPU that a competing load used, and the slowdown of its core', async () => {
  const instruments = await startInstruments(cores);
  const core = cores.at(-1)!;
  const rival = spawn('taskset', ['-c', String(core), process.execPath, '-e', 'for (;;);'], { stdio: 'ignore' });
  try {
    await sleep(300);
    const before = cpuMs(String(rival.pid));
    const noise = await watch(instruments);
    const used = cpuMs(String(rival.pid)) - before;
    // The rival's CPU time was read slightly before and after the window; it also has a resolution of 10 ms.
    const seenMs = noise.strangerShare! * cores.length * windowMs;
    assert.ok(used > 100, `the rival ran only ${used} ms`);
    const withinMs = Math.min(used, windowMs) * 0.8;
    assert.ok(seenMs > withinMs, `${seenMs} ms seen of ${used} ms`);
    const { slowdown } = noise.spins.find((spin) => spin.core === core)!;
    assert.ok(isNoisy(noise), JSON.stringify(noise));
    assert.ok(slowdown > 1.2, `${slowdown}`);
  } finally {
    rival.kill('SIGKILL');
    await instruments.close();
  }
});

test('our own work is no noise: on a quiet machine the probe reports none', async (t) => {
  const instruments = await startInstruments(cores);
  try {
    const spoken: NoiseRecord[] = [];
    for (let attempt = 0; attempt < 10; attempt++) {
      const noise = await watch(instruments, () => burn(windowMs / 2));
      if (!isNoisy(noise)) return;
      spoken.push(noise);
    }
    // On a machine under constant load the probe rightly reports noise. Our own burning adds at most 0.5 to the load.
    const [lastMinute] = loadavg();
    assert.ok(lastMinute! > 0.8, `noise at a load of ${lastMinute}: ${JSON.stringify(spoken)}`);
    t.diagnostic(`this machine is at a load of ${lastMinute}: its silence could not be checked`);
  } finally {
    await instruments.close();
  }
});

test('clocks of two cores agree to some microseconds', { skip: cores.length < 2 && 'one core' }, async () => {
  const instruments = await startInstruments(cores);
  await instruments.close();
  assert.ok(instruments.clockUncertaintyUs !== null);
  assert.ok(instruments.clockUncertaintyUs > 1 && instruments.clockUncertaintyUs < 500);
});

async function watch({ noise }: Instruments, meanwhile = () => {}): Promise<NoiseRecord> {
  const spunBefore = await noise.spin();
  const watching = noise.watch(never);
  const endsAt = performance.now() + windowMs;
  meanwhile();
  await sleep(Math.max(0, endsAt - performance.now()));
  return noiseBetween(await watching.end(), 0, [spunBefore, await noise.spin()]);
}

function isNoisy({ strangerShare, stealShare, throttledMs, spins }: NoiseRecord): boolean {
  return (
    strangerShare! > limits.strangers ||
    stealShare! > limits.steal ||
    (throttledMs ?? 0) > limits.throttledMs ||
    spins.some(({ slowdown }) => slowdown > limits.slowdown)
  );
}

function burn(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** User and system time so far; 0 when it has ended. Fields as in proc_pid_stat(5), after the name in brackets. */
function cpuMs(pid: string): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

/** Takes its core from all other threads for 90 of every 100 ms, at a real-time priority above every ordinary thread. */
const usurper = `let next = performance.now();
(function turn() {
  next += 100;
  const end = performance.now() + 90;
  while (performance.now() < end);
  setTimeout(turn, Math.max(0, next - performance.now()));
})();`;
const mayUsurp = spawnSync('chrt', ['-f', '1', 'true']).status === 0;

test('a task on a core that is taken away waits until it is back, and uses no CPU meanwhile', {
  skip: !mayUsurp && 'real-time priority needs root',
}, async () => {
  const instruments = await startInstruments(cores);
  const core = cores.at(-1)!;
  const words = ['-c', String(core), 'chrt', '-f', '1', process.execPath, '-e', usurper];
  const calm = await taskOn(core, instruments);
  const rival = spawn('taskset', words, { stdio: 'ignore' });
  try {
    await sleep(500);
    const task = await taskOn(core, instruments);
    // Nine of ten tasks fall due within the 90 ms: half of all wait for 40 ms or longer. Of twenty tasks at random
    // instants, half wait for less than 2 ms in one of 30,000 runs, by the binomial distribution.
    assert.ok(task.medianUs > 2_000 && task.medianUs < 90_000, `${task.medianUs} µs`);
    assert.ok(task.medianUs > 3 * calm.medianUs, `${task.medianUs} µs, without it ${calm.medianUs}`);
    assert.ok(task.cpuMs! > 0 && task.cpuMs! < (task.count * task.medianUs) / 1000, `${task.cpuMs} ms`);
  } finally {
    rival.kill('SIGKILL');
    await instruments.close();
  }
});

test('a watch sees twenty tasks a second, and an aborted watch frees its threads', {
  timeout: 20_000,
}, async () => {
  const instruments = await startInstruments(cores);
  try {
    const { noise } = instruments;
    const { count } = await taskOn(cores.at(-1)!, instruments);
    assert.ok(count > 10 && count <= windowMs / 25, `${count}`);
    const ending = new AbortController();
    const aborted = noise.watch(ending.signal);
    await sleep(200);
    ending.abort();
    // Without the abort this would wait forever.
    assert.equal((await noise.spin()).length, Math.min(8, cores.length));
    const { tasks } = await aborted.end();
    assert.ok(tasks.every(({ tookUs }) => tookUs.length > 0 && tookUs.length <= 8));
  } finally {
    await instruments.close();
  }
});

async function taskOn(core: number, instruments: Instruments) {
  const task = (await watch(instruments)).tasks!.find((each) => each.core === core);
  assert.ok(task, `no task on core ${core}`);
  return task;
}
