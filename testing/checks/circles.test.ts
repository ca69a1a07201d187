import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Arrow, circlesOf, longestChain } from './circles.ts';

/** Parses arrows such as `a>b b>c`. */
function arrows(text: string): readonly Arrow[] {
  return text
    .split(' ')
    .filter(Boolean)
    .map((arrow) => ({ from: arrow.split('>')[0]!, to: arrow.split('>')[1]! }));
}

test('a circle is found with all its files, for any length and any order of arrows', () => {
  assert.deepEqual(circlesOf(arrows('a>b b>c c>d d>b d>e')), [['b', 'c', 'd']]);
  assert.deepEqual(circlesOf(arrows('x>y y>x b>a a>b x>a')), [
    ['a', 'b'],
    ['x', 'y'],
  ]);
  assert.deepEqual(circlesOf(arrows('a>b b>a b>c c>b')), [['a', 'b', 'c']]);
  assert.deepEqual(circlesOf(arrows('a>a a>b')), [['a']]);
});

test('two paths to the same file are no circle', () => {
  assert.deepEqual(circlesOf(arrows('a>b a>c b>d c>d a>d a>d')), []);
  assert.deepEqual(circlesOf([]), []);
});

test('two files are in one circle if and only if each reaches the other', () => {
  const file = fc.constantFrom(...'abcdefg');
  fc.assert(
    fc.property(fc.array(fc.record({ from: file, to: file }), { maxLength: 14 }), (graph) => {
      const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
        graph.some((arrow) => {
          if (arrow.from !== from || seen.has(arrow.to)) return false;
          return arrow.to === to || reaches(arrow.to, to, seen.add(arrow.to));
        });
      const groups = circlesOf(graph);
      for (const a of 'abcdefg') {
        for (const b of 'abcdefg') {
          const together = groups.some((group) => group.includes(a) && group.includes(b));
          assert.equal(together, reaches(a, b) && reaches(b, a), `${a} and ${b}`);
        }
      }
    }),
  );
});

test('the longest chain lists files from first to last, with one file of each circle', () => {
  assert.deepEqual(longestChain(arrows('a>c a>b b>c c>d x>d')), ['a', 'b', 'c', 'd']);
  assert.deepEqual(longestChain(arrows('a>b b>c c>b c>d')).length, 3);
  assert.deepEqual(longestChain([]), []);
});
