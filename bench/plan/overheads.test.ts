import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import { publishBacklogMs, publishesPerSecond } from './overheads.ts';

test('publishes go on after the phase if a round trip is longer than the gap between two', () => {
  const game = findScenario('online-game')!;
  assert.equal(publishesPerSecond(game), 10);
  // 50 inputs of 600 ms each take 30 s, of which 5 s were the phase.
  assert.equal(publishBacklogMs(game, 600, 5_000), 25_000);
  assert.equal(publishBacklogMs(game, 40, 5_000), 0);
});

test('updates of clients count, and clients that only listen have no backlog', () => {
  assert.equal(publishesPerSecond(findScenario('chat-room')!), 0.1);
  assert.equal(publishBacklogMs(findScenario('ticker')!, 2_000, 60_000), 0);
});
