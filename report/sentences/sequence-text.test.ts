import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '../../analysis/events/messages.ts';
import type { Sequence, ShownUpdate } from '../../analysis/events/sequence.ts';
import { transports } from '../../protocol/transport.ts';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import { readingText, sequenceCaption, sequenceText, unrecordedText } from './sequence-text.ts';

function sequence(given: Partial<Sequence>): Sequence {
  const whole = { fromMs: 0, toMs: 2_300, messages: [], holds: [], updates: [], recordsPublishes: true };
  return { transport: 'websocket', ...whole, ...given };
}

const message = (kind: Message['kind'], version: number | null = null): Message => ({
  kind,
  sentMs: 1,
  receivedMs: 2,
  version,
});
const update = (by: ShownUpdate['by'], acceptedMs = 10): ShownUpdate => ({
  version: 1,
  by,
  intendedMs: 5,
  acceptedMs,
  knownMs: 20,
});
const twice = <T>(one: T): readonly T[] => [one, one];

test('what is in a picture, counted: one is one, two are several', () => {
  const each = [
    message('poll'),
    message('answer'),
    message('answer', 4),
    message('push', 5),
    message('publish', 6),
    message('input', 7),
    message('acknowledgement'),
  ];
  assert.equal(
    sequenceText(sequence({ messages: each, updates: [update('source')] })),
    '1 change in 2.3 s: 1 question, 1 answer without news, 1 answer with news, 1 message with news, 1 change sent up, ' +
      '1 input sent up, 1 acknowledgement.',
  );
  assert.equal(
    sequenceText(sequence({ messages: each.flatMap(twice), updates: [update('own'), update('own'), update('other')] })),
    '3 changes (2 by this client) in 2.3 s: 2 questions, 2 answers without news, 2 answers with news, 2 messages with ' +
      'news, 2 changes sent up, 2 inputs sent up, 2 acknowledgements.',
  );
});

test('an update that is accepted after the picture is not counted, as it has no dot', () => {
  assert.equal(sequenceText(sequence({ updates: [update('own', 2_301)] })), '0 changes in 2.3 s: no message.');
});

test('a caption says that the client tells something only if the picture shows it', () => {
  const caption = (transport: Sequence['transport'], messages: readonly Message[]) =>
    sequenceCaption(sequence({ transport, messages }), 500);
  const quiet = [message('poll'), message('answer', 4), message('acknowledgement')];
  for (const transport of transports) {
    for (const kind of ['publish', 'input'] as const) {
      assert.notEqual(caption(transport, quiet), caption(transport, [...quiet, message(kind, 3)]));
    }
    assert.doesNotMatch(caption(transport, quiet), /either side|has to say takes/);
  }
  assert.match(caption('websocket', [message('input', 3)]), /either side sends/);
  assert.match(caption('sse', [message('publish', 3)]), /takes a request of its own/);
  assert.match(caption('short-polling', quiet), /It asks every 500 ms\.$/);
  assert.doesNotMatch(caption('long-polling', quiet), /every 500/);
});

test('the explanation mentions only what one of the pictures shows', () => {
  const parts = {
    dot: /A dot is/,
    others: /other clients/,
    stale: /did not know/,
    held: /was held/,
    none: /Nothing changed/,
  };
  const mentioned = (...sequences: readonly Sequence[]) =>
    Object.entries(parts).flatMap(([name, part]) => (part.test(readingText(sequences)) ? [name] : []));
  const plain = sequence({});
  assert.deepEqual(mentioned(plain), ['none']);
  assert.deepEqual(mentioned(plain, sequence({ holds: [{ fromMs: 0, toMs: 9 }] })), ['held', 'none']);
  assert.deepEqual(mentioned(plain, sequence({ updates: [update('source')] })), ['dot', 'stale']);
  assert.deepEqual(mentioned(sequence({ updates: [update('own')] })), ['dot', 'stale']);
  assert.deepEqual(mentioned(sequence({ updates: [update('other')] })), ['dot', 'others', 'stale']);
});

test('what a run did not record is said, and no more', () => {
  const old = [sequence({}), sequence({ recordsPublishes: false })];
  const [chat, game] = [findScenario('chat-room')!, findScenario('online-game')!];
  assert.equal(unrecordedText([sequence({})], chat), '');
  assert.match(unrecordedText(old, chat), /drawn from when it was meant to be sent, and without acknowledgement\.$/);
  assert.match(unrecordedText(old, game), /besides questions\. The inputs that this client sent are not drawn\.$/);
});
