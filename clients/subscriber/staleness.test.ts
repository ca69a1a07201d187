import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dueVersions, staleUs } from './staleness.ts';

const window = { startUs: 0, endUs: 100 };

test('a view is stale from the intended instant of an update until its receipt', () => {
  assert.equal(staleUs({ atUs: [], version: [] }, { atUs: [], version: [] }, window), 0);
  assert.equal(staleUs({ atUs: [10], version: [1] }, { atUs: [25], version: [1] }, window), 15);
});

test('receipt of a newer version ends staleness, unless a still newer one is due by then', () => {
  const due = { atUs: [10, 20, 30], version: [1, 2, 3] };
  assert.equal(staleUs(due, { atUs: [40], version: [3] }, window), 30);
  assert.equal(staleUs(due, { atUs: [25, 40], version: [1, 3] }, window), 30);
  assert.equal(staleUs(due, { atUs: [15, 24, 31], version: [1, 2, 3] }, window), 5 + 4 + 1);
});

test('counts only the window: a missing update is stale to its end, later ones do not count', () => {
  assert.equal(staleUs({ atUs: [90], version: [1] }, { atUs: [], version: [] }, window), 10);
  assert.equal(staleUs({ atUs: [90], version: [1] }, { atUs: [150], version: [1] }, window), 10);
  assert.equal(staleUs({ atUs: [120], version: [1] }, { atUs: [150], version: [1] }, window), 0);
});

test('a late older version does not make the view older', () => {
  assert.equal(staleUs({ atUs: [10, 20], version: [1, 2] }, { atUs: [30, 50], version: [2, 1] }, window), 20);
});

test('when publishes are accepted out of intended order, the older version never becomes due', () => {
  assert.deepEqual(dueVersions([20, 10], [1, 2]), { atUs: [10], version: [2] });
  assert.deepEqual(dueVersions([10, 30, 20], [1, 2, 3]), { atUs: [10, 20], version: [1, 3] });
});

test('agrees with checking every microsecond', () => {
  const instants = fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 12 });
  fc.assert(
    fc.property(instants, instants, (dueAt, gotAt) => {
      const versions = dueAt.map((_, i) => i + 1);
      const due = dueVersions(dueAt, versions);
      const receivedAt = gotAt.slice(0, dueAt.length).sort((a, b) => a - b);
      const received = { atUs: receivedAt, version: receivedAt.map((_, i) => i + 1) };
      let expected = 0;
      for (let us = 0; us < 100; us++) {
        const newestDue = Math.max(0, ...versions.filter((version) => dueAt[version - 1]! <= us));
        const held = Math.max(0, ...received.version.filter((_, i) => received.atUs[i]! <= us));
        if (newestDue > held) expected++;
      }
      assert.equal(staleUs(due, received, window), expected);
    }),
    { numRuns: 2000 },
  );
});
