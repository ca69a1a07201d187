import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodes } from '../screen/exit-codes.ts';
import { conclusionOf } from './capacity-conclusion.ts';
import type { Climbed } from './capacity-ladder.ts';
import type { MeasuredLimit, MeasuredStep, StepFailure } from './capacity-step.ts';

function step(updatesPerSecond: number, limit: MeasuredLimit | null = null): MeasuredStep {
  return {
    updatesPerSecond,
    offeredPerSecond: updatesPerSecond * 20,
    carriedPerSecond: updatesPerSecond * 20,
    missingShare: 0,
    p99Ms: 3,
    cores: { load: null, source: null, server: { share: 0.5, names: ['server'] } },
    limit,
  };
}

const full: MeasuredLimit = { what: 'server', core: { share: 0.93, names: ['server'] } };
const failure: StepFailure = { updatesPerSecond: 500, stage: 'start', reason: 'no room' };
const complaint = 'pvw: --capacity: the step at 500 updates/s failed: start: no room\n';
const limited: Climbed = { steps: [step(250), step(500, full)], failure: null, unfinished: null };
const broken: Climbed = { steps: [step(250)], failure, unfinished: null };

function recordOf(climbed: Climbed): Readonly<Record<string, unknown>> {
  return JSON.parse(conclusionOf(climbed, { json: true }).result);
}

test('a climb up to a limit ends well', () => {
  const text = conclusionOf(limited, { json: false });
  assert.match(text.result, /^carried: 5,000 .*\nfirst limit, at 500 .*\n$/);
  assert.deepEqual([text.complaint, text.code], ['', exitCodes.done]);
  const { complaint: said, code } = conclusionOf(limited, { json: true });
  assert.deepEqual([said, code], ['', exitCodes.done]);
  assert.deepEqual(recordOf(limited), {
    carriedDeliveriesPerSecond: 5_000,
    firstLimit: full,
    firstLimitAtUpdatesPerSecond: 500,
    unfinishedAtUpdatesPerSecond: null,
    error: null,
    steps: [step(250), step(500, full)],
  });
});

test('a failure is an error, and what was carried before it is told', () => {
  const text = conclusionOf(broken, { json: false });
  assert.match(text.result, /^carried: 5,000 .*\nfirst limit: none was found: a failure at 500 updates\/s .*\n$/);
  assert.deepEqual([text.complaint, text.code], [complaint, exitCodes.internal]);
  const { complaint: said, code } = conclusionOf(broken, { json: true });
  assert.deepEqual([said, code], [complaint, exitCodes.internal]);
  assert.deepEqual(recordOf(broken), {
    carriedDeliveriesPerSecond: 5_000,
    firstLimit: null,
    firstLimitAtUpdatesPerSecond: null,
    unfinishedAtUpdatesPerSecond: null,
    error: failure,
    steps: [step(250)],
  });
});

test('where the first step failed there is no result but in JSON', () => {
  const first = { ...broken, steps: [] };
  assert.deepEqual(conclusionOf(first, { json: false }), { result: '', complaint, code: exitCodes.internal });
  const { carriedDeliveriesPerSecond, firstLimit, error, steps } = recordOf(first);
  assert.deepEqual([carriedDeliveriesPerSecond, firstLimit, error, steps], [null, null, failure, []]);
});

test('a step that the end of the time cut short is no error', () => {
  const climbed: Climbed = { steps: [step(250)], failure: null, unfinished: 500 };
  assert.equal(conclusionOf(climbed, { json: false }).code, exitCodes.done);
  const { unfinishedAtUpdatesPerSecond, error } = recordOf(climbed);
  assert.deepEqual([unfinishedAtUpdatesPerSecond, error], [500, null]);
});
