import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrialRecord } from '../results/schema/schema.ts';
import { plainHistogram, plainProcess, plainTrial } from '../testing/by-hand/plain-trial.ts';
import { memorySite } from '../testing/fleet/memory-site.ts';
import { truth } from '../testing/fleet/world.ts';
import { type CapacityStep, stepOf } from './capacity-step.ts';
import { climb, playOn } from './doctor-capacity.ts';

/** A machine whose server is full at `most` updates a second. Each step takes 7 s. */
function machineOf(most: number, interruptAt = Number.POSITIVE_INFINITY) {
  const controller = new AbortController();
  const tried: number[] = [];
  const said: CapacityStep[] = [];
  let nowMs = 1_000;
  const play = async (rate: number): Promise<TrialRecord> => {
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
  const steps = await run();
  assert.deepEqual(tried, [250, 1_000, 2_000, 4_000, 2_828]);
  assert.deepEqual(steps, said);
  assert.deepEqual(
    steps.map(({ limit }) => limit?.what),
    [undefined, undefined, undefined, 'server', 'server'],
  );
  assert.equal(steps[2]!.carriedPerSecond, 40_000);
});

test('it ends after some 40 s, however much the machine carries', async () => {
  const { tried, run } = machineOf(1e9);
  await run();
  assert.deepEqual(tried, [250, 1_000, 4_000, 16_000, 64_000]);
});

test('an interrupt drops the step that is going on', async () => {
  const { tried, said, run } = machineOf(1e9, 3);
  const steps = await run();
  assert.deepEqual([tried.length, steps.length, said.length], [3, 2, 2]);
});

test('a step is a whole trial at the site, which is closed after it', async () => {
  const site = memorySite();
  const record = await site.time.play(playOn(site, 250, new AbortController().signal));
  assert.ok(record.status === 'completed', JSON.stringify(record));
  assert.equal(site.closed(), 1);
  const { specimen, clientWork, ledger, window } = record;
  assert.deepEqual([specimen, clientWork, window.durationMs], [null, undefined, 2_000]);
  assert.deepEqual([ledger.expected, ledger.received], [10_000, 10_000]);
  const step = stepOf(250, record);
  assert.deepEqual([step.offeredPerSecond, step.limit], [5_000, null]);
  const { load, source } = truth.cpuShare;
  assert.deepEqual(step.cores.load, { share: load + source, names: ['load-1', 'source'] });
});
