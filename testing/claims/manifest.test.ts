import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claims } from './claims.ts';
import { judged, readManifest } from './manifest.ts';

test('a figure within its tolerance holds, one that is off by twice as much does not', () => {
  const recorded = { value: 50, tolerance: 0.1 };
  for (const found of [45.1, 50, 54.9]) assert.ok(judged('a.b', found, recorded).holds, String(found));
  for (const found of [40, 44.9, 55.1, 60]) assert.ok(!judged('a.b', found, recorded).holds, String(found));
  assert.equal(judged('a.b', 60, recorded).text, 'a.b: 60, recorded 50: +20%, beyond 10%');
  // So does a changed manifest.
  assert.ok(!judged('a.b', 50, { ...recorded, value: 50 * 1.2 }).holds);
});

test('what was not measured, or is not recorded, does not hold', () => {
  assert.ok(!judged('a.b', undefined, { value: 1, tolerance: 1 }).holds);
  assert.ok(!judged('a.b', Number.NaN, { value: 1, tolerance: 1 }).holds);
  assert.match(judged('a.b', 3, undefined).text, /--accept adds it$/);
});

test('the manifest has every figure of every claim, with its tolerance, and no other', () => {
  const { figures } = readManifest();
  const named = Object.entries(claims).flatMap(([claim, { figures: own }]) =>
    Object.entries(own).map(([figure, { tolerance }]) => [`${claim}.${figure}`, tolerance] as const),
  );
  assert.deepEqual(
    Object.entries(figures)
      .map(([name, { tolerance }]) => [name, tolerance])
      .sort(),
    named.sort(),
  );
});
