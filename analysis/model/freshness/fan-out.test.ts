import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { randomFrom } from '../../../scenarios/random.ts';
import { seedFrom } from '../../../scenarios/seed.ts';
import { fanOutMs, fanOutWidthMs, utilizationOf } from './fan-out.ts';

function assertClose(found: number, expected: number, within = 1e-9): void {
  assert.ok(Math.abs(found - expected) <= within, `${found}, not ${expected}`);
}

describe('counted by hand', () => {
  test('20 updates a second to 50 readers, 0.1 ms each: busy for a tenth of the time', () => {
    assertClose(utilizationOf(50, 0.1, 20), 0.1);
    // 51 / 2 sends, and 0.1 · 5 ms / (2 · 0.9).
    assertClose(fanOutMs(50, 0.1, 20), 2.55 + 0.5 / 1.8);
    assertClose(fanOutWidthMs(50, 0.1), 4.9);
  });

  test('one reader waits for its own send', () => {
    assertClose(fanOutMs(1, 3, 0), 3);
    assert.equal(fanOutWidthMs(1, 3), 0);
  });

  test('where sends cost nothing, there is no queue', () => {
    assert.equal(fanOutMs(50, 0, 1e6), 0);
  });

  test('without end from a busy time of 1 on', () => {
    assert.equal(fanOutMs(10, 1, 100), Number.POSITIVE_INFINITY);
    assert.equal(fanOutMs(10, 1, 150), Number.POSITIVE_INFINITY);
    assert.ok(Number.isFinite(fanOutMs(10, 1, 99)));
  });

  test('less than one reader has no width', () => {
    assert.equal(fanOutWidthMs(0.5, 1), 0);
  });
});

/** Mean latency over the readers of updates that come by chance, each of which is sent to all readers in turn. */
function played(readers: number, sendMs: number, updatesPerSecond: number): number {
  const random = randomFrom(seedFrom('fan-out', readers, updatesPerSecond));
  const updates = 60_000;
  let [atMs, freeMs, totalMs] = [0, 0, 0];
  for (let i = 0; i < updates; i++) {
    atMs += random.exponential(1000 / updatesPerSecond);
    const beginsMs = Math.max(atMs, freeMs);
    freeMs = beginsMs + readers * sendMs;
    for (let place = 1; place <= readers; place++) totalMs += beginsMs + place * sendMs - atMs;
  }
  return totalMs / updates / readers;
}

describe('as a queue that is played through', () => {
  const cases: readonly (readonly [readers: number, sendMs: number, updatesPerSecond: number])[] = [
    [10, 0.2, 50],
    [10, 0.2, 300],
    [3, 1, 200],
    [1, 5, 150],
  ];
  for (const [readers, sendMs, updatesPerSecond] of cases) {
    test(`${readers} readers, ${sendMs} ms each, ${updatesPerSecond} updates a second`, () => {
      const found = fanOutMs(readers, sendMs, updatesPerSecond);
      assertClose(found, played(readers, sendMs, updatesPerSecond), 0.04 * found);
    });
  }
});
