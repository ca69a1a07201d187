import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handCalibration, handPath } from '../../testing/by-hand/plain-calibration.ts';
import { plainPrediction, plainQuestion } from '../../testing/by-hand/plain-prediction.ts';
import { predictionText } from './text.ts';

const predicted = {
  question: { ...plainQuestion, toleranceMs: 2000 },
  calibration: handCalibration,
  path: handPath,
  from: 'of yours',
  predictions: [plainPrediction(), plainPrediction({ transport: 'sse' })],
  phrase: 'over TLS',
  checks: [{ of: 'bytes', command: 'pvw run a' }],
  bills: [],
};

test('load, path and tolerance in one line, and the parts of a prediction', () => {
  const text = predictionText(predicted);
  assert.equal(text.title, 'Your load');
  assert.equal(
    text.load.replaceAll('\u00a0', ' '),
    '100 clients in 1 channel · 1 update/s at random in each · 200 B each · every update counts · RTT 40 ms · over TLS · ' +
      'no update unknown for more than 2 s, not even the worst',
  );
  assert.match(text.assumed, /^in all 1 updates a second · a long poll is held for /);
  assert.deepEqual(text.transports, ['WebSocket', 'SSE']);
  const rows = text.groups.flatMap((group) => group.rows);
  assert.ok(rows.length > 20 && rows.every(({ cells }) => cells.length === 2));
  assert.match(text.calibration, /^Costs are those of a calibration of yours: 2026-01-31/);
  assert.match(text.recommendations[0]!, /^SSE: /);
  assert.deepEqual(text.checks, [{ of: 'bytes', command: 'pvw run a' }]);
  assert.deepEqual(
    text.notes.map((note) => note.split(':')[0]),
    ['Short polling, Long polling'],
  );
});

test('without a tolerance nothing is said of one; money comes last', () => {
  const { toleranceMs: _, ...question } = predicted.question;
  const prices = { name: 'By hand', source: 'a', asOf: '2026-01-31', currency: 'EUR', items: [] };
  const month = { currency: 'EUR', items: [], total: 5, notCounted: [] };
  const months = { value: month, low: month, high: month };
  const text = predictionText({ ...predicted, question, bills: [{ word: 'mine', prices, months: [months, months] }] });
  assert.match(text.load, /over TLS$/);
  assert.deepEqual(text.groups.at(-1)?.rows, [
    { key: 'money.mine', title: 'mine, EUR', cells: [{ text: '5' }, { text: '5' }] },
  ]);
  assert.match(text.notes.at(-1)!, /^mine: By hand/);
});
