import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonSchemas } from '../../results/schema/json-schema.ts';
import { runRecord, trialRecord } from '../../results/schema/schema.ts';
import { failedFrom, syntheticRun } from './synthetic.ts';

test('a synthetic run matches the schema and is determined by its seed', () => {
  const run = syntheticRun({ repeats: 2, seed: 7 });
  runRecord.parse(run.record);
  for (const trial of run.trials) trialRecord.parse(trial);
  assert.equal(run.trials.length, run.record.plan.trials);
  assert.deepEqual(syntheticRun({ repeats: 2, seed: 7 }), run);
  assert.notDeepEqual(syntheticRun({ repeats: 2, seed: 8 }).trials, run.trials);
});

test('a run can end early, and its trials can be altered', () => {
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

test('there is a JSON Schema of a run and one of a trial', () => {
  assert.deepEqual(Object.keys(jsonSchemas()), ['run', 'trial']);
});
