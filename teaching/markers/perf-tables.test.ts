import assert from 'node:assert/strict';
import { test } from 'node:test';
import { perfRatios, perfSizes } from './perf-tables.ts';

test('a row for each ratio that is claimed, with its interval if there is one', () => {
  const table = perfRatios({
    findings: [
      {
        claim: 'one',
        found: '',
        holds: true,
        figures: { aRatio: 0.984, aLow: 0.95, aHigh: 1.024, aMost: 1.15, aUs: 7 },
      },
      { claim: 'beside', found: '', holds: true, figures: { bRatio: 2 } },
      { claim: 'two', found: '', holds: false, figures: { cRatio: 0.5, cMost: 1 } },
      { claim: 'three', found: '', holds: true },
    ],
  });
  assert.deepEqual(table.split('\n').slice(2), ['| one | 0.98 | 0.95–1.02 | yes |', '| two | 0.50 |  | no |']);
});

test('a row for each number of clients; one that was not measured is said', () => {
  const sizes = [1_000, 10_000, 30_000, 100_000];
  const figures = Object.fromEntries(
    sizes.flatMap((size) =>
      ['leanUs', 'wsUs', 'leanKiB', 'wsKiB'].map((name, index) => [`size${size}${name}`, index + 1.5] as const),
    ),
  );
  const table = perfSizes({ findings: [{ claim: 'a', found: '', holds: true, figures }] });
  assert.ok(table.endsWith('| 100,000 | 1.50 | 2.50 | 3.50 | 4.50 |'));
  assert.throws(() => perfSizes({ findings: [] }), /perf\.json has no size1000leanUs/);
});
