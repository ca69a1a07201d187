import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { randomFrom } from '../../../scenarios/random.ts';
import { seedFrom } from '../../../scenarios/seed.ts';
import { fanOutMs, fanOutWidthMs, type Sender, utilizationOf } from './fan-out.ts';

function assertClose(found: number, expected: number, within = 1e-9): void {
  assert.ok(Math.abs(found - expected) <= within, `${found}, not ${expected}`);
}

const sender = (readers: number, sendMs: number, updatesPerSecond: number): Sender => ({
  readers,
  sendMs,
  updatesPerSecond,
});

describe('counted by hand', () => {
  test('20 updates a second to 50 readers, 0.1 ms each: busy for a tenth of the time', () => {
    const tenth = sender(50, 0.1, 20);
    assertClose(utilizationOf(tenth), 0.1);
    // 51 / 2 sends, and 0.1 · 5 ms / (2 · 0.9).
    assertClose(fanOutMs([tenth]), 2.55 + 0.5 / 1.8);
    assertClose(fanOutWidthMs([tenth]), 4.9);
  });

  test('the slower of two sets the pace, and the other adds a send', () => {
    const [node, proxy] = [sender(25, 0.04, 20), sender(50, 0.1, 20)];
    assertClose(fanOutMs([node, proxy]), 0.04 + 2.55 + 0.5 / 1.8);
    assertClose(fanOutMs([proxy, node]), 0.04 + 2.55 + 0.5 / 1.8);
    assertClose(fanOutWidthMs([node, proxy]), 4.9);
  });

  test('one reader waits for its own send', () => {
    assertClose(fanOutMs([sender(1, 3, 0)]), 3);
    assert.equal(fanOutWidthMs([sender(1, 3, 0)]), 0);
  });

  test('where sends cost nothing, there is no queue', () => {
    assert.equal(fanOutMs([sender(50, 0, 1e6)]), 0);
  });

  test('without end from a busy time of 1 on', () => {
    assert.equal(fanOutMs([sender(10, 1, 100)]), Number.POSITIVE_INFINITY);
    assert.equal(fanOutMs([sender(10, 0.1, 100), sender(10, 1, 150)]), Number.POSITIVE_INFINITY);
    assert.ok(Number.isFinite(fanOutMs([sender(10, 1, 99)])));
  });

  test('less than one reader has no width', () => {
    assert.equal(fanOutWidthMs([sender(0.5, 1, 1)]), 0);
  });
});

/** Mean latency over the readers of updates that come by chance and go to all readers in turn, through one sender after the other. */
function played(readers: number, sendsMs: readonly number[], updatesPerSecond: number): number {
  const random = randomFrom(seedFrom('fan-out', readers, updatesPerSecond));
  const updates = 60_000;
  const freeMs = sendsMs.map(() => 0);
  let [atMs, totalMs] = [0, 0];
  for (let i = 0; i < updates; i++) {
    atMs += random.exponential(1000 / updatesPerSecond);
    for (let place = 1; place <= readers; place++) {
      let reachedMs = atMs;
      for (const [stage, sendMs] of sendsMs.entries()) {
        reachedMs = Math.max(reachedMs, freeMs[stage]!) + sendMs;
        freeMs[stage] = reachedMs;
      }
      totalMs += reachedMs - atMs;
    }
  }
  return totalMs / updates / readers;
}

describe('as a queue that is played through', () => {
  const cases: readonly (readonly [readers: number, sendsMs: readonly number[], updatesPerSecond: number])[] = [
    [10, [0.2], 50],
    [10, [0.2], 300],
    [3, [1], 200],
    [1, [5], 150],
    [10, [0.1, 0.2], 300],
    [10, [0.2, 0.15], 300],
    [40, [0.02, 0.2], 50],
  ];
  for (const [readers, sendsMs, updatesPerSecond] of cases) {
    test(`${readers} readers, ${sendsMs.join(' and ')} ms each, ${updatesPerSecond} updates a second`, () => {
      const found = fanOutMs(sendsMs.map((sendMs) => sender(readers, sendMs, updatesPerSecond)));
      assertClose(found, played(readers, sendsMs, updatesPerSecond), 0.04 * found);
    });
  }
});
