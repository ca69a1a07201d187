import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../text/usage-error.ts';
import { checkTarget } from './figure-condition.ts';
import { thresholdOf } from './threshold.ts';

const parse = thresholdOf('--threshold');

test('scenario, transport, figure, operator and limit are read', () => {
  assert.deepEqual(parse('websocket.latency.p99<250ms'), {
    scenario: undefined,
    transport: 'websocket',
    figure: 'latency.p99',
    operator: '<',
    limit: 250,
  });
  const spaced = parse(' chat-room/long-polling.bytes.total >= 1.5 kB ');
  assert.deepEqual(
    [spaced.scenario, spaced.transport, spaced.operator, spaced.limit],
    ['chat-room', 'long-polling', '>=', 1500],
  );
});

test('limits are converted to the unit of the figure', () => {
  const limits: Readonly<Record<string, number>> = {
    'sse.cpu.serving.update<120us': 0.12,
    'sse.cpu.serving.update<120µs': 0.12,
    'sse.latency.max<=2s': 2000,
    'sse.bytes.setUp<2MB': 2e6,
    'sse.bytes.setUp<2B': 2,
    'sse.stale<57%': 0.57,
    'sse.cpu.serving<100ms/s': 100,
    'sse.reconnects<=3': 3,
    'sse.stale<=0': 0,
  };
  for (const [text, limit] of Object.entries(limits)) assert.equal(parse(text).limit, limit, text);
});

test('a figure may be typed by an earlier name', () => {
  assert.equal(parse('sse.cpu.server.update<120us').figure, 'cpu.serving.update');
  assert.equal(parse('sse.cpu.server<100ms/s').figure, 'cpu.serving');
});

test('a malformed condition, an unknown transport or figure, and a wrong unit are refused', () => {
  const texts = ['', 'sse', 'sse.stale', 'sse.stale<', '<5%', 'sse.stale<-5%', 'sse.stale<5%<6%', 'sse.stale=5%'];
  const others = ['sse.stale<5ms', 'sse.stale<5', 'sse.latency.p50<5kB', 'sse.reconnects<5ms', 'sse.stale<1e3%'];
  const names = ['stale<5%', 'SSE.stale<5%', 'sse.cpu<5ms', 'sse.constructor<5', 'sse.stale.<5%', 'sse..stale<5%'];
  for (const text of [...texts, ...others, ...names]) assert.throws(() => parse(text), UsageError, text);
  assert.throws(
    () => parse('sse.cpu<5ms'),
    /"cpu" is an unknown figure; give a figure that pvw list names, such as cpu\.s/,
  );
});

test('the error for a value with control characters has none', () => {
  assert.throws(
    () => parse('\u001b[2J\n\u202e'),
    (error: Error) => !/[\p{Cc}\p{Cf}]/u.test(error.message),
  );
});

test('a scenario or transport that is not in the run is refused', () => {
  const known = { scenarios: ['chat-room'], transports: ['sse'] };
  const target = parse('chat-rom/sse.stale<5%');
  assert.throws(() => checkTarget('--threshold', target, known, 'this run'), {
    message: '--threshold: "chat-rom" is not in this run (did you mean chat-room?); give chat-room',
  });
  assert.throws(() => checkTarget('--threshold', parse('websocket.stale<5%'), known, 'this run'), /give sse$/);
  checkTarget('--threshold', parse('chat-room/sse.stale<5%'), known, 'this run');
});
