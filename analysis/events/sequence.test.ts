import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import { syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { analyseRun } from '../comparison/run-analysis.ts';
import { type Sequence, sequencesOf } from './sequence.ts';

function sequences(alter: (trial: CompletedTrial) => CompletedTrial = (trial) => trial): readonly Sequence[] {
  const { scenarios } = analyseRun(syntheticRun({ alter }));
  return sequencesOf(scenarios[0]!);
}

function sequenceOf(transport: Sequence['transport'], all = sequences()): Sequence {
  return all.find((each) => each.transport === transport)!;
}

test('all transports are shown over the same time, with the same changes', () => {
  const all = sequences();
  assert.deepEqual(
    all.map(({ transport }) => transport),
    ['short-polling', 'long-polling', 'sse', 'websocket'],
  );
  assert.equal(new Set(all.map(({ fromMs, toMs }) => `${fromMs} ${toMs}`)).size, 1);
  const changes = all.map(({ updates }) => updates.map(({ intendedMs }) => intendedMs).join(' '));
  assert.equal(new Set(changes).size, 1);
});

test('a message never arrives before it was sent, and an answer follows its request', () => {
  for (const { messages } of sequences()) {
    for (const { sentMs, receivedMs } of messages) assert.ok(receivedMs >= sentMs);
  }
  const { messages } = sequenceOf('short-polling');
  const up = messages.filter(({ direction }) => direction === 'up');
  const down = messages.filter(({ direction }) => direction === 'down');
  for (const { receivedMs } of up) assert.ok(down.some(({ sentMs }) => sentMs >= receivedMs));
});

test('the client does not know a change until it or a newer one arrives', () => {
  // The second and third change come 50 ms apart: one poll brings both.
  const { updates } = sequenceOf('short-polling');
  const [, second, third] = updates;
  assert.equal(second!.knownMs, third!.knownMs);
  for (const { updates: pushed } of [sequenceOf('sse'), sequenceOf('websocket')]) {
    for (const { intendedMs, knownMs } of pushed) assert.ok(knownMs - intendedMs < 30);
  }
});

test('only long polling holds a request at the server until there is a change', () => {
  assert.deepEqual(sequenceOf('short-polling').holds, []);
  assert.deepEqual(sequenceOf('websocket').holds, []);
  const { holds, updates } = sequenceOf('long-polling');
  assert.ok(holds.length > 0);
  const ended = holds.filter(({ toMs }) => updates.some(({ intendedMs }) => Math.abs(toMs - intendedMs - 1) < 0.01));
  assert.ok(ended.length >= 2);
});

test('a request sent before the recording is held from its beginning', () => {
  const all = sequences((trial) =>
    trial.exchange && trial.transport === 'long-polling'
      ? { ...trial, exchange: { ...trial.exchange, events: trial.exchange.events.slice(2) } }
      : trial,
  );
  const { holds, messages } = sequenceOf('long-polling', all);
  assert.equal(holds[0]!.fromMs, 0);
  assert.equal(messages[0]!.direction, 'down');
});

test('without recordings there are no sequences', () => {
  assert.deepEqual(
    sequences((trial) => ({ ...trial, exchange: null })),
    [],
  );
});
