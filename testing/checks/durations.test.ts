import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDurations } from './durations.ts';

test('durations are summed by file without nested tests, longest first', () => {
  const { add, longest } = createDurations();
  const told = (file: string | undefined, nesting: number, duration_ms: number) =>
    add({ file, nesting, details: { duration_ms } });
  told('/p/a.test.ts', 0, 500);
  told('/p/b.test.ts', 1, 9_000);
  told('/p/b.test.ts', 0, 10_000);
  told('/p/a.test.ts', 0, 250);
  told('/p/c.test.ts', 0, 100);
  told(undefined, 0, 60_000);
  assert.deepEqual(longest(2), [
    { file: '/p/b.test.ts', seconds: 10 },
    { file: '/p/a.test.ts', seconds: 0.75 },
  ]);
});
