import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openAccount } from './ledger.ts';

test('counting starts at the first update', () => {
  const account = openAccount('every');
  account.receive(40);
  account.receive(41);
  assert.deepEqual(account.ledger(), { received: 2, missing: 0, duplicated: 0, outOfOrder: 0, newest: 41 });
});

test('a client that joined an empty channel misses version 1 if 2 comes first', () => {
  const account = openAccount('every');
  account.joinEmpty();
  account.receive(2);
  assert.equal(account.ledger().missing, 1);
});

test('every: accounts exactly for any shuffle with repeats', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 60 }), (versions) => {
      const account = openAccount('every');
      account.joinEmpty();
      for (const version of versions) account.receive(version);
      const distinct = new Set(versions);
      const newest = Math.max(...versions);
      let highest = 0;
      let late = 0;
      const seen = new Set<number>();
      for (const version of versions) {
        if (version < highest && !seen.has(version)) late++;
        highest = Math.max(highest, version);
        seen.add(version);
      }
      assert.deepEqual(account.ledger(), {
        received: distinct.size,
        missing: newest - distinct.size,
        duplicated: versions.length - distinct.size,
        outOfOrder: late,
        newest,
      });
    }),
  );
});

test('own updates without echo are neither missing nor received, whenever their version becomes known', () => {
  for (const learnedAfter of [0, 1, 2, 3]) {
    const account = openAccount('every');
    account.joinEmpty();
    for (const [i, version] of [1, 3, 5].entries()) {
      if (i === learnedAfter) for (const own of [2, 4]) account.own(own);
      account.receive(version);
    }
    if (learnedAfter === 3) for (const own of [2, 4]) account.own(own);
    const { received, missing, newest } = account.ledger();
    assert.deepEqual({ received, missing, newest }, { received: 3, missing: 0, newest: 5 });
  }
});

test('after `gone`, counting starts over with the next state', () => {
  const account = openAccount('every');
  account.receive(1);
  account.forget();
  assert.equal(account.newest, undefined);
  account.receive(100);
  assert.deepEqual(account.ledger(), { received: 2, missing: 0, duplicated: 0, outOfOrder: 0, newest: 100 });
});
