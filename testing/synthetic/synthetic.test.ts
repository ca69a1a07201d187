import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonSchemas } from '../../results/schema/json-schema.ts';
import { runRecord, trialRecord } from '../../results/schema/schema.ts';
import { failedFrom, syntheticRun } from './synthetic.ts';

test('a synthetic run follows the schema and is decided by its seed', () => {
  const run = syntheticRun({ repeats: 2, seed: 7 });
  runRecord.parse(run.record);
  for (const trial of run.trials) trialRecord.parse(trial);
  assert.equal(run.trials.length, run.record.plan.trials);
  assert.deepEqual(syntheticRun({ repeats: 2, seed: 7 }), run);
  assert.notDeepEqual(syntheticRun({ repeats: 2, seed: 8 }).trials, run.trials);
});

test('trials can be cut off and altered', () => {
  const run = syntheticRun({
    ended: 3,
    status: 'interrupted',
    alter: (trial, index) => (index === 1 ? failedFrom(trial, 'drain', 'it stopped') : trial),
  });
  assert.deepEqual(
    run.trials.map(({ status }) => status),
    ['completed', 'failed', 'completed'],
  );
  trialRecord.parse(run.trials[1]);
});

test('the JSON Schemas name the records', () => {
  assert.deepEqual(Object.keys(jsonSchemas()), ['run', 'trial']);
});
