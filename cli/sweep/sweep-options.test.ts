import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { UsageError } from '../../text/usage-error.ts';
import { ownOptions } from './sweep-options.ts';

const over = ownOptions.over.parse('--over');

test('an axis has its values in the units of its option, from the least on', () => {
  assert.deepEqual(over('clients=1000,100,300'), { word: 'clients', values: [100, 300, 1000] });
  assert.deepEqual(over('rtt=40ms, 0,1s'), { word: 'rtt', values: [0, 40, 1000] });
  assert.deepEqual(over('loss=0%,1.5%'), { word: 'loss', values: [0, 0.015] });
  assert.deepEqual(over('rate=0.5,2'), { word: 'rate', values: [0.5, 2] });
  assert.deepEqual(over('payload-bytes=10,20'), over('payload=10,20'));
});

test('it changes the fields that its option changes', () => {
  assert.deepEqual(ownOptions.over.changes('clients=1,2'), ['clients']);
  assert.deepEqual(ownOptions.over.changes('rate=1,2'), ['arrivals']);
  assert.deepEqual(ownOptions.over.changes('poll-interval=1s,2s'), ['pollIntervalMs', 'pollCohortsMs']);
  assert.deepEqual(ownOptions.over.changes('rtt=1ms,2ms'), []);
});

describe('refused', () => {
  const refused: Readonly<Record<string, RegExp>> = {
    clients: /^--over: "clients" is no axis with values; give an axis and its values, such as clients=100,300,1000$/,
    'client=1,2': /^--over: "client" is unknown \(did you mean clients\?\); give clients, channels, rate, /,
    'clients=1': /^--over clients: "1" is not allowed; give from 2 to 40 values, separated by commas$/,
    'clients=': /^--over clients: "" is not allowed; give a whole number from 1 to/,
    'clients=5,x': /^--over clients: "x" is not allowed; give a whole number from 1 to/,
    'rtt=40,80': /^--over rtt: "40" has no unit; give a duration/,
    'rate=1,2,1': /^--over rate: "1" is there twice; give each value once$/,
    'loss=1,2': /^--over loss: "1" is not allowed; give a percentage/,
  };
  for (const [text, message] of Object.entries(refused)) {
    test(text, () =>
      assert.throws(
        () => over(text),
        (error) => error instanceof UsageError && message.test(error.message),
      ),
    );
  }
});
