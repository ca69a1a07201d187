import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Mutation, mutated } from './mutation.ts';
import { mutationsOf } from './mutations.ts';
import { sampleOf } from './sample.ts';

const source = 'f(1); f(2); f(3); f(4); f(5); f(6); a + b; x - y; !z;\n';
const all = mutationsOf('x.ts', source);

function countOf(sample: readonly Mutation[], kind: string): number {
  return sample.filter((mutation) => mutation.kind === kind).length;
}

test('the sample takes kinds in turn, so rare kinds are included', () => {
  const sample = sampleOf(all, source, { seed: '1', count: 5 });
  assert.deepEqual([sample.length, countOf(sample, 'argument')], [5, 1]);
  assert.ok(countOf(sample, 'operator') >= 2 && countOf(sample, 'constant') >= 2);
});

test('all mutations are taken if there are no more than that', () => {
  assert.deepEqual(sampleOf(all, source, { seed: '1', count: 1_000 }), all);
  assert.deepEqual(sampleOf([], source, { seed: '1', count: 10 }), []);
});

test('the sample depends on the seed, but not on where the lines are', () => {
  const textsOf = (text: string, seed: string) =>
    sampleOf(mutationsOf('x.ts', text), text, { seed, count: 6 }).map((mutation) => mutated(text, mutation).trim());
  assert.deepEqual(textsOf(source, '1'), textsOf(source, '1'));
  assert.deepEqual(textsOf(`\n${source}`, '1'), textsOf(source, '1'));
  assert.notDeepEqual(textsOf(source, '1'), textsOf(source, '2'));
});
