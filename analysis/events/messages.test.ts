import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Exchange } from '../../results/schema/schema.ts';
import { bringsNews, isUp, type Message, messagesOf } from './messages.ts';

type Event = Exchange['events'][number];

const event = (side: Event['side'], kind: Event['kind'], atMs: number, version: number | null = null): Event => ({
  side,
  kind,
  atMs,
  version,
});

/** Each message as [kind, sent, received, version]. */
function told(
  exchange: Partial<Exchange>,
): readonly (readonly [string, number | null, number | null, number | null])[] {
  const whole = { completeMs: 1_000, events: [], updates: [], publishes: [], ...exchange };
  return messagesOf(whole).map(({ kind, sentMs, receivedMs, version }) => [kind, sentMs, receivedMs, version]);
}

test('polls and their answers', () => {
  const events = [
    event('client', 'request', 10),
    event('server', 'request', 30),
    event('server', 'answer', 31, 4),
    event('client', 'answer', 51, 4),
    event('client', 'request', 60),
    event('server', 'request', 80),
    event('server', 'answer', 81),
    event('client', 'answer', 101),
  ];
  assert.deepEqual(told({ events }), [
    ['poll', 10, 30, null],
    ['answer', 31, 51, 4],
    ['poll', 60, 80, null],
    ['answer', 81, 101, null],
  ]);
});

test('a lost poll has no arrival, and the next one keeps its own', () => {
  const events = [
    event('client', 'request', 10),
    event('client', 'request', 500),
    event('server', 'request', 520),
    event('client', 'request', 700),
  ];
  assert.deepEqual(told({ events }), [
    ['poll', 10, null, null],
    ['poll', 500, 520, null],
    ['poll', 700, null, null],
  ]);
});

test('what left before the recording has no sending', () => {
  const events = [
    event('server', 'request', 5),
    event('server', 'answer', 6, 3),
    event('client', 'answer', 4, 2),
    event('client', 'answer', 26, 3),
    event('client', 'update', 7, 9),
  ];
  assert.deepEqual(told({ events }), [
    ['answer', null, 4, 2],
    ['poll', null, 5, null],
    ['answer', 6, 26, 3],
    ['push', null, 7, 9],
  ]);
});

test('several pushes on their way at once are told apart by version', () => {
  const events = [
    event('server', 'update', 10, 5),
    event('server', 'update', 12, 6),
    event('server', 'update', 14, 7),
    event('client', 'update', 30, 5),
    event('client', 'update', 32, 6),
  ];
  assert.deepEqual(told({ events }), [
    ['push', 10, 30, 5],
    ['push', 12, 32, 6],
    ['push', 14, null, 7],
  ]);
});

test('a push that is sent again after a lost connection: the second arrived', () => {
  const events = [
    event('server', 'update', 10, 5),
    event('server', 'update', 400, 5),
    event('client', 'update', 420, 5),
  ];
  assert.deepEqual(told({ events }), [
    ['push', 10, null, 5],
    ['push', 400, 420, 5],
  ]);
});

test('a client that has its own newer update notes that one at the receipt of an older', () => {
  const events = [event('server', 'update', 10, 5), event('server', 'update', 35, 8), event('client', 'update', 30, 6)];
  assert.deepEqual(told({ events }), [
    ['push', 10, 30, 5],
    ['push', 35, null, 8],
  ]);
});

test('no message arrives before it was sent: a server noted pushes only after sending them', () => {
  const late = (serverMs: number) =>
    told({ events: [event('client', 'update', 10, 5), event('server', 'update', serverMs, 5)] });
  assert.deepEqual(late(10.4), [['push', 10.4, 10.4, 5]]);
  assert.deepEqual(late(11), [['push', 11, 11, 5]]);
  assert.deepEqual(late(11.1), [
    ['push', null, 10, 5],
    ['push', 11.1, null, 5],
  ]);
});

test('publishes, inputs and their acknowledgements', () => {
  const publishes: Exchange['publishes'] = [
    { kind: 'update', sentMs: 10, version: 6, acceptedMs: 30, answeredMs: 31, acknowledgedMs: 51 },
    { kind: 'input', sentMs: 40, version: 90, acceptedMs: 60, answeredMs: 61, acknowledgedMs: null },
    { kind: 'input', sentMs: 70, version: null, acceptedMs: null, answeredMs: null, acknowledgedMs: null },
  ];
  // A recorded publish is drawn once, though it is among the updates too.
  const updates = [{ version: 6, intendedMs: 9, acceptedMs: 30, own: true }];
  assert.deepEqual(told({ publishes, updates }), [
    ['publish', 10, 30, 6],
    ['acknowledgement', 31, 51, null],
    ['input', 40, 60, 90],
    ['acknowledgement', 61, null, null],
    ['input', 70, null, null],
  ]);
});

test('a run that did not record publishes has its own updates, from the intended instant to the accepted one', () => {
  const updates = [
    { version: 6, intendedMs: 9, acceptedMs: 30, own: true },
    { version: 7, intendedMs: 19, acceptedMs: 40, own: false },
  ];
  const { publishes: _, ...old } = { completeMs: 1_000, events: [], updates, publishes: undefined };
  assert.deepEqual(messagesOf(old), [{ kind: 'publish', sentMs: 9, receivedMs: 30, version: 6 }]);
});

test('which messages go up, and which bring news', () => {
  const message = (kind: Message['kind'], version: number | null): Message => ({
    kind,
    sentMs: 0,
    receivedMs: 1,
    version,
  });
  const kinds = ['poll', 'answer', 'push', 'publish', 'input', 'acknowledgement'] as const;
  assert.deepEqual(
    kinds.filter((kind) => isUp(message(kind, 3))),
    ['poll', 'publish', 'input'],
  );
  assert.deepEqual(
    kinds.filter((kind) => bringsNews(message(kind, 3))),
    ['answer', 'push'],
  );
  assert.deepEqual(
    kinds.filter((kind) => bringsNews(message(kind, null))),
    [],
  );
});
