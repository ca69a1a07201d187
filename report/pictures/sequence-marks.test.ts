import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Message } from '../../analysis/events/messages.ts';
import { type Sequence, type ShownUpdate, sequencesFrom } from '../../analysis/events/sequence.ts';
import type { Transport } from '../../protocol/transport.ts';
import type { Exchange } from '../../results/schema/schema.ts';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import { dotGap, heightsOf, limits, marksOf } from './sequence-marks.ts';

/** From 1,000 to 1,436 ms: a millisecond is a unit, and 1,000 ms lies at 26. */
function sequence(given: Partial<Sequence>): Sequence {
  const whole = { fromMs: 1_000, toMs: 1_436, messages: [], holds: [], updates: [], recordsPublishes: true };
  return { transport: 'websocket', ...whole, ...given };
}

function message(
  kind: Message['kind'],
  sentMs: number | null,
  receivedMs: number | null,
  version: number | null = null,
) {
  return { kind, sentMs, receivedMs, version };
}

/** Each arrow as [kind, from x, from y, to x, to y, end]. */
function arrowsOf(given: Partial<Sequence>) {
  return marksOf(sequence(given)).arrows.map(({ kind, from, to, ends }) => [kind, from.x, from.y, to.x, to.y, ends]);
}

test('messages are arrows between client at 89 and server at 201, down as time goes', () => {
  const messages = [
    message('poll', 1_010, 1_030),
    message('answer', 1_031, 1_051),
    message('answer', 1_060, 1_080, 4),
    message('push', 1_100, 1_120, 5),
    message('publish', 1_130, 1_150, 6),
    message('input', 1_160, 1_180, 90),
    message('acknowledgement', 1_181, 1_201),
  ];
  assert.deepEqual(arrowsOf({ messages }), [
    ['ask', 89, 36, 201, 56, 'arrives'],
    ['nothing', 201, 57, 89, 77, 'arrives'],
    ['news', 201, 86, 89, 106, 'arrives'],
    ['news', 201, 126, 89, 146, 'arrives'],
    ['publish', 89, 156, 201, 176, 'arrives'],
    ['input', 89, 186, 201, 206, 'arrives'],
    ['acknowledgement', 201, 207, 89, 227, 'arrives'],
  ]);
});

test('an arrow is cut where it leaves the picture, and keeps its slope', () => {
  const messages = [
    message('poll', 990, 1_030),
    message('push', 1_426, 1_446, 5),
    message('push', 900, 999, 4),
    message('push', 1_437, 1_450, 6),
  ];
  assert.deepEqual(arrowsOf({ messages }), [
    // A quarter of the way is above the top, half of it below the bottom.
    ['ask', 117, 26, 201, 56, 'arrives'],
    ['news', 201, 452, 145, 462, 'goes-on'],
  ]);
});

test('where one end is not recorded, a level stub is drawn at the other', () => {
  const messages = [message('poll', 1_010, null), message('push', 1_020, null, 5), message('answer', null, 1_030, 4)];
  assert.deepEqual(arrowsOf({ messages }), [
    ['ask', 89, 36, 122.6, 36, 'unseen'],
    ['news', 201, 46, 167.4, 46, 'unseen'],
    ['news', 122.6, 56, 89, 56, 'arrives'],
  ]);
});

const update = (
  by: ShownUpdate['by'],
  version: number,
  intendedMs: number,
  acceptedMs: number,
  knownMs = acceptedMs,
) => ({
  version,
  by,
  intendedMs,
  acceptedMs,
  knownMs,
});

test('a dot stands where the server accepted an update, and others’ updates come in from the right', () => {
  const updates = [
    update('source', 1, 1_010, 1_010),
    update('own', 2, 1_030, 1_050),
    update('other', 3, 1_070, 1_090),
    update('other', 4, 1_430, 1_440),
  ];
  const { dots } = marksOf(sequence({ updates }));
  assert.deepEqual(dots, [
    { x: 206, y: 36, height: 0, count: 1 },
    { x: 206, y: 76, height: 0, count: 1 },
    { x: 206, y: 116, height: 0, count: 1 },
  ]);
  assert.deepEqual(arrowsOf({ updates }), [
    ['other', 266, 96, 211, 116, 'arrives'],
    // Six of ten units of its height are in the picture: 33 of 55 to the left.
    ['other', 266, 456, 233, 462, 'goes-on'],
  ]);
});

test('dots that would touch stand to the right, whatever the order of the updates', () => {
  const updates = [
    update('source', 3, 1_101, 1_108),
    update('source', 1, 1_100, 1_100),
    update('source', 2, 1_100, 1_102),
  ];
  assert.deepEqual(marksOf(sequence({ updates })).dots, [
    { x: 206, y: 126, height: 0, count: 1 },
    { x: 215, y: 128, height: 0, count: 1 },
    { x: 224, y: 134, height: 0, count: 1 },
  ]);
  const many = Array.from({ length: 6 }, (_, index) => update('source', index, 1_100, 1_100 + index));
  assert.deepEqual(marksOf(sequence({ updates: many })).dots, [{ x: 206, y: 126, height: 5, count: 6 }]);
});

test('the band along the client is the time in which it did not know, once where updates overlap', () => {
  const bandsOf = (...updates: readonly ShownUpdate[]) => marksOf(sequence({ updates })).stale;
  assert.deepEqual(
    bandsOf(
      update('source', 1, 1_010, 1_010, 1_030),
      update('source', 2, 1_020, 1_020, 1_050),
      update('source', 3, 1_022, 1_022, 1_030),
      update('source', 4, 1_060, 1_060, 1_060.5),
      update('own', 5, 1_100, 1_120, 1_100),
      update('source', 6, 1_400, 1_400, Number.POSITIVE_INFINITY),
    ),
    [
      { y: 36, height: 40 },
      { y: 86, height: 1.5 },
      { y: 426, height: 36 },
    ],
  );
});

test('holds along the server, cut to the picture', () => {
  const holds = [
    { fromMs: 0, toMs: 1_100 },
    { fromMs: 1_400, toMs: 2_000 },
  ];
  assert.deepEqual(marksOf(sequence({ holds })).held, [
    { y: 26, height: 100 },
    { y: 426, height: 36 },
  ]);
});

type World = {
  readonly transport: Transport;
  readonly gapsMs: readonly number[];
  readonly wayMs: number;
  readonly ownEvery: number;
};

/** What both sides note when every message takes `wayMs`, and polls are asked every 300 ms or at once. */
function played({ transport, gapsMs, wayMs, ownEvery }: World): Exchange {
  let intendedMs = 0;
  const updates = gapsMs.map((gap, index) => {
    intendedMs += gap;
    return { version: index + 1, intendedMs, acceptedMs: intendedMs + wayMs, own: index % ownEvery === 0 };
  });
  const events: Exchange['events'] = [];
  const both = (kind: 'answer' | 'update', atMs: number, version: number | null) => {
    events.push({ side: 'server', kind, atMs, version }, { side: 'client', kind, atMs: atMs + wayMs, version });
  };
  const completeMs = intendedMs + 5_000;
  if (transport === 'sse' || transport === 'websocket') {
    for (const { acceptedMs, version } of updates) both('update', acceptedMs, version);
  } else {
    let askedMs = 100;
    let held = 0;
    while (askedMs < completeMs - 1_000) {
      events.push({ side: 'client', kind: 'request', atMs: askedMs, version: null });
      const arrivedMs = askedMs + wayMs;
      events.push({ side: 'server', kind: 'request', atMs: arrivedMs, version: null });
      const due = updates.find(({ version }) => version > held)?.acceptedMs ?? arrivedMs + 1_000;
      const answeredMs = transport === 'long-polling' ? Math.max(arrivedMs, due) : arrivedMs;
      const newest = updates.findLast(({ acceptedMs }) => acceptedMs <= answeredMs)?.version ?? 0;
      both('answer', answeredMs, newest > held ? newest : null);
      held = newest;
      askedMs = transport === 'long-polling' ? answeredMs + wayMs : Math.max(askedMs + 300, answeredMs + wayMs);
    }
  }
  const publishes = updates
    .filter(({ own }) => own)
    .map(({ intendedMs: sentMs, acceptedMs, version }) => ({
      kind: 'update' as const,
      sentMs,
      version,
      acceptedMs,
      answeredMs: acceptedMs,
      acknowledgedMs: acceptedMs + wayMs,
    }));
  return { completeMs, events: events.sort((a, b) => a.atMs - b.atMs), updates, publishes };
}

/** Whole microseconds, since whole numbers are quick to shrink. */
const milliseconds = (minUs: number, maxUs: number) => fc.integer({ min: minUs, max: maxUs }).map((us) => us / 1000);

const worlds = fc.record({
  transport: fc.constantFrom<Transport>('short-polling', 'long-polling', 'sse', 'websocket'),
  gapsMs: fc.array(milliseconds(1, 900_000), { minLength: 1, maxLength: 40 }),
  wayMs: milliseconds(0, 150_000),
  ownEvery: fc.integer({ min: 1, max: 5 }),
});

test('every update has one dot, one way up and one arrow that brings it, and no arrow points back in time', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const [shown] = sequencesFrom(findScenario('chat-room')!, [
        { transport: world.transport, exchange: played(world) },
      ]);
      const { arrows, dots } = marksOf(shown!);
      const at = heightsOf(shown!);
      const isIn = (ms: number) => at(ms) >= limits.top && at(ms) <= limits.bottom;
      const near = (a: number, b: number) => Math.abs(a - b) < 1e-6;
      const accepted = shown!.updates.filter(({ acceptedMs }) => isIn(acceptedMs));
      assert.equal(
        dots.reduce((sum, { count }) => sum + count, 0),
        accepted.length,
      );
      for (const { from, to } of arrows) assert.ok(to.y >= from.y);
      const arriving = (kinds: readonly string[], ms: number) =>
        arrows.filter(({ kind, to, ends }) => kinds.includes(kind) && ends === 'arrives' && near(to.y, at(ms)));
      for (const { by, acceptedMs, knownMs } of accepted) {
        const own = dots.filter(({ y, height }) => at(acceptedMs) >= y - 1e-6 && at(acceptedMs) <= y + height + 1e-6);
        assert.ok(own.length >= 1);
        assert.ok(arriving([by === 'own' ? 'publish' : 'other'], acceptedMs).length >= 1);
        if (!isIn(knownMs)) continue;
        const [brings, ...more] = arriving(['news'], knownMs);
        assert.ok(brings && brings.from.y >= at(acceptedMs) - 1e-6);
        // Two that were accepted within a nanosecond arrive as near.
        assert.ok(more.every(({ from }) => near(from.y, brings.from.y)));
      }
      const news = arrows.filter(({ kind }) => kind === 'news').length;
      assert.ok(news <= shown!.updates.length);
    }),
  );
});

test('no dot covers another, whatever is accepted when', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const [shown] = sequencesFrom(findScenario('chat-room')!, [
        { transport: world.transport, exchange: played(world) },
      ]);
      const { dots } = marksOf(shown!);
      for (const [index, one] of dots.entries()) {
        for (const other of dots.slice(index + 1)) {
          const down = other.y - (one.y + one.height);
          assert.ok(Math.abs(other.x - one.x) >= dotGap || down >= dotGap - 1e-9);
        }
      }
    }),
  );
});
