import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { stop } from 'esbuild';
import { handCalibration, handPath } from '../../testing/by-hand/plain-calibration.ts';
import { runWithoutNode } from '../../testing/without-node.ts';
import { predictedFor } from '../prediction/your-numbers.ts';

const data = {
  calibration: handCalibration,
  path: handPath,
  from: 'of this run',
  phrase: undefined,
  pathOptions: '',
};
const numbers = {
  clients: 2000,
  channels: 10,
  perSecond: 2,
  payloadBytes: 82,
  pollIntervalMs: 1000,
  rttMs: 40,
  toleranceMs: 2000,
  semantics: 'latest',
} as const;

describe('a page predicts by itself', () => {
  after(() => stop());

  test('the words of a prediction need no Node.js', async () => {
    await runWithoutNode('report/prediction/text.ts', '');
  });

  test('with the numbers and words that the command has', async () => {
    const script = `JSON.stringify(bundled.predictedFor(${JSON.stringify({ ...data, usual: numbers })}, ${JSON.stringify(numbers)}))`;
    const found = JSON.parse(String(await runWithoutNode('report/prediction/your-numbers.ts', script)));
    assert.deepEqual(found, predictedFor({ ...data, usual: numbers }, numbers));
  });
});
