import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unknownName } from '../../text/choices.ts';
import { nearest } from '../../text/did-you-mean.ts';
import { quoted, UsageError } from '../../text/usage-error.ts';
import { bandwidth, decimalNumber, oneOf, percentage, seedText, wholeNumber } from './options.ts';
import { transportList } from './transport-list.ts';

function refuses(parse: (text: string) => unknown, ...texts: readonly string[]): void {
  for (const text of texts) assert.throws(() => parse(text), UsageError, text);
}

test('whole numbers are digits within a range', () => {
  const parse = wholeNumber('--clients', 1, 1000);
  assert.equal(parse('1'), 1);
  assert.equal(parse('1000'), 1000);
  refuses(parse, '0', '1001', '-3', '1.5', '1e2', '0x10', '+5', ' 5', '', 'NaN', 'Infinity', '9'.repeat(400));
  assert.throws(() => parse('-3'), { message: '--clients: "-3" is not allowed; give a whole number from 1 to 1000' });
});

test('a bandwidth needs a unit and is returned in bits per second', () => {
  const parse = bandwidth('--bandwidth', 10e3, 10e9);
  assert.deepEqual([parse('10kbit'), parse('1.5mbit'), parse('10gbit')], [10e3, 1.5e6, 10e9]);
  refuses(parse, '10', '9kbit', '11gbit', '10Mbit', '10mb', '-1mbit', '1e3kbit', '');
  assert.throws(() => parse('10'), {
    message: '--bandwidth: "10" is not allowed; give a rate from 10kbit to 10gbit, such as 10mbit',
  });
});

test('a percentage other than 0 needs its sign and is returned as a share', () => {
  const parse = percentage('--loss', 50);
  assert.deepEqual([parse('0'), parse('1%'), parse('0.05%'), parse('50%')], [0, 0.01, 0.0005, 0.5]);
  refuses(parse, '1', '51%', '-1%', '1e1%', '%', '', '0.01');
});

test('decimal numbers may have a fraction', () => {
  const parse = decimalNumber('--rate', 0.001, 100);
  assert.equal(parse('0.5'), 0.5);
  refuses(parse, '0', '0.0001', '100.1', '.5', '5.', '-1', '1e2', 'Infinity');
});

test('transports are returned once each, in the order of reports', () => {
  const parse = transportList('--transport');
  assert.deepEqual(parse('websocket, sse,websocket'), ['sse', 'websocket']);
  refuses(parse, '', 'sse,', 'SSE', 'polling');
  assert.throws(() => parse('sse,web-socket'), {
    message:
      '--transport: "web-socket" is unknown (did you mean websocket?); ' +
      'give short-polling, long-polling, sse or websocket, separated by commas',
  });
});

test('a name has to be in the set, and a misspelt one gets a suggestion', () => {
  const parse = oneOf('--profile', ['smoke', 'quick'] as const);
  assert.equal(parse('quick'), 'quick');
  assert.throws(() => parse('quik'), /did you mean quick\?/);
});

test('a seed has 1 to 64 characters, none of which needs quotes', () => {
  assert.equal(seedText('--seed')('2024-a.1'), '2024-a.1');
  refuses(seedText('--seed'), '', 'a b', '../x', 'é', 'x'.repeat(65));
});

test('the suggestion is a name that a typing error explains; other words get none', () => {
  const known = ['chat-room', 'online-game', 'ticker'];
  assert.equal(nearest('chat-rom', known), 'chat-room');
  assert.equal(nearest('Ticker', known), 'ticker');
  assert.equal(nearest('zzz', known), undefined);
  assert.equal(nearest('x', ['y']), undefined);
  assert.doesNotMatch(unknownName('scenario', 'weather', known).message, /did you mean/);
});

test('quoted input is short, on one line and without control characters', () => {
  const shown = quoted(`a\n\u001b[31m${'b'.repeat(1000)}`);
  assert.doesNotMatch(shown, /\p{Cc}/u);
  assert.equal(quoted('a\u202eb\u009b'), '"a\\u202eb\\u009b"');
  assert.ok(shown.length < 90);
});
