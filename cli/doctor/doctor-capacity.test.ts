import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrialRecord } from '../../results/schema/schema.ts';
import { plainHistogram, plainProcess, plainTrial } from '../../testing/by-hand/plain-trial.ts';
import { type MemoryOptions, memorySite } from '../../testing/fleet/memory-site.ts';
import { truth } from '../../testing/fleet/world.ts';
import { type CapacityStep, stepOf } from './capacity-step.ts';
import { climb, playOn } from './doctor-capacity.ts';

/** A machine whose server is full at `most` updates a second. Each step takes 7 s. */
function machineOf(most: number, interruptAt = Number.POSITIVE_INFINITY) {
  const controller = new AbortController();
  const tried: number[] = [];
  const said: CapacityStep[] = [];
  let nowMs = 1_000;
  const play = async (rate: number, step: number): Promise<TrialRecord> => {
    assert.equal(step, tried.length);
    tried.push(rate);
    nowMs += 7_000;
    if (tried.length >= interruptAt) controller.abort();
    const { window, ledger, latency } = plainTrial();
    const deliveries = rate * 40;
    return plainTrial({
      window: { ...window, durationMs: 2_000 },
      ledger: { ...ledger, expected: deliveries, received: deliveries },
      latency: { ...latency, delivery: plainHistogram({ count: deliveries }) },
      processes: [plainProcess({ role: 'server', core: 1, cpuWindowMs: Math.min(1, rate / most) * 2_000 })],
    });
  };
  const onStep = (step: CapacityStep) => said.push(step);
  return { tried, said, run: () => climb({ play, onStep, nowMs: () => nowMs, signal: controller.signal }) };
}

test('it climbs until the server is full, and looks once in the middle', async () => {
  const { tried, said, run } = machineOf(3_000);
  const { steps, failure, unfinished } = await run();
  assert.deepEqual(tried, [250, 1_000, 2_000, 4_000, 2_828]);
  assert.deepEqual(steps, said);
  assert.deepEqual(
    steps.map(({ limit }) => limit?.what),
    [undefined, undefined, undefined, 'server', 'server'],
  );
  assert.equal(steps[2]!.carriedPerSecond, 40_000);
  assert.deepEqual([failure, unfinished], [null, null]);
});

test('it ends after some 40 s, however much the machine carries', async () => {
  const { tried, run } = machineOf(1e9);
  await run();
  assert.deepEqual(tried, [250, 1_000, 4_000, 16_000, 64_000]);
});

test('an interrupt, or the end of the time, drops the step that is going on', async () => {
  const { tried, said, run } = machineOf(1e9, 3);
  const { steps, failure, unfinished } = await run();
  assert.deepEqual([tried.length, steps.length, said.length], [3, 2, 2]);
  assert.deepEqual([failure, unfinished], [null, 4_000]);
});

test('a first step that does not end in the time is a failure', async () => {
  const { said, run } = machineOf(1e9, 1);
  const failure = { updatesPerSecond: 250, stage: 'settle', reason: 'no end within 45 s' };
  assert.deepEqual(await run(), { steps: [], failure, unfinished: null });
  assert.deepEqual(said, []);
});

/** Climbs at a site in memory, whose cores are not calm, so that rates double. */
async function climbIn(options: MemoryOptions, signal = new AbortController().signal) {
  const site = memorySite(options);
  const said: CapacityStep[] = [];
  const climbed = await site.time.play(
    climb({
      play: (rate, step) => playOn(site, rate, { step, signal }),
      onStep: (step) => said.push(step),
      nowMs: () => site.time.nowUs / 1000,
      signal,
    }),
  );
  return { climbed, said, site };
}

test('a trial that fails ends the climb, whatever was carried before it', async () => {
  let starts = 0;
  const { climbed, said, site } = await climbIn({
    meddle: ({ name, call }) => {
      if (name === 'server' && call === 'start' && ++starts === 2) throw new Error('listen EADDRINUSE');
    },
  });
  assert.deepEqual(climbed.failure, { updatesPerSecond: 500, stage: 'start', reason: 'listen EADDRINUSE' });
  assert.deepEqual(
    climbed.steps.map(({ updatesPerSecond, limit }) => [updatesPerSecond, limit]),
    [[250, null]],
  );
  assert.deepEqual([said, climbed.unfinished], [climbed.steps, null]);
  assert.deepEqual([site.fleets.length, site.closed()], [2, 2]);
});

test('a site that cannot be prepared for a step is a failure too', async () => {
  const { climbed } = await climbIn({
    beforeTrial: () => {
      throw new Error('no room');
    },
  });
  const failure = { updatesPerSecond: 250, stage: 'start', reason: 'no room' };
  assert.deepEqual(climbed, { steps: [], failure, unfinished: null });
});

test('the stage of a first step that is cut short is told', async () => {
  const over = new AbortController();
  const { climbed } = await climbIn({ meddle: ({ call }) => call === 'connect' && over.abort() }, over.signal);
  const failure = { updatesPerSecond: 250, stage: 'connect', reason: 'no end within 45 s' };
  assert.deepEqual(climbed, { steps: [], failure, unfinished: null });
});

test('a step is a whole trial at the site, which is closed after it', async () => {
  const site = memorySite();
  const { signal } = new AbortController();
  const record = await site.time.play(playOn(site, 250, { step: 3, signal }));
  assert.ok(record.status === 'completed', JSON.stringify(record));
  assert.equal(site.closed(), 1);
  const { specimen, clientWork, ledger, window, block } = record;
  assert.deepEqual([specimen, clientWork, window.durationMs, block], [null, undefined, 2_000, 3]);
  assert.deepEqual([ledger.expected, ledger.received], [10_000, 10_000]);
  const step = stepOf(250, record);
  assert.ok('limit' in step);
  assert.deepEqual([step.offeredPerSecond, step.limit], [5_000, null]);
  const { load, source } = truth.cpuShare;
  assert.deepEqual(step.cores?.load, { share: load + source, names: ['load-1', 'source'] });
});
