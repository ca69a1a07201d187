import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chatRoom } from '../../scenarios/catalogue/chat-room.ts';
import { handCalibration, handPath } from '../../testing/by-hand/plain-calibration.ts';
import { commandOf, questionFor } from './your-numbers.ts';

const numbers = {
  clients: 50,
  channels: 5,
  perSecond: 2,
  payloadBytes: 99,
  pollIntervalMs: 1500,
  rttMs: 40,
  toleranceMs: 0,
  semantics: 'every',
} as const;
const data = {
  calibration: handCalibration,
  path: handPath,
  from: 'of this run',
  phrase: undefined,
  pathOptions: '',
  usual: numbers,
};
const options = '--clients 50 --channels 5 --rate 2 --payload 99 --poll-interval 1.5s --rtt 40ms';

test('the command has the word of the scenario and the options of the path, where there are any', () => {
  assert.equal(commandOf(data, numbers), `npx pvw predict ${options}`);
  const base = { scenario: chatRoom, word: 'chat-room' };
  assert.equal(
    commandOf({ ...data, base, pathOptions: '--tls' }, numbers),
    `npx pvw predict chat-room ${options} --tls`,
  );
});

test('the question is about the scenario that the numbers change, with the bytes of longer headers', () => {
  assert.ok(!('extraBytes' in questionFor(data, numbers)));
  const extraBytes = { poll: 5, publish: 6 };
  const question = questionFor({ ...data, base: { scenario: chatRoom, word: 'chat-room' }, extraBytes }, numbers);
  assert.deepEqual(question.extraBytes, extraBytes);
  assert.deepEqual([question.scenario.origin, question.scenario.clients], ['client', 50]);
});
