import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { changeOf, type Kind, mutated } from './mutation.ts';
import { mutationsOf } from './mutations.ts';

function mutantsOf(source: string, kind?: Kind): readonly string[] {
  return mutationsOf('x.ts', source)
    .filter((mutation) => kind === undefined || mutation.kind === kind)
    .map((mutation) => mutated(source, mutation));
}

function assertAmong(source: string, wanted: string, neighbours: readonly string[] = []): void {
  const found = mutationsOf('x.ts', source, neighbours).map((mutation) => mutated(source, mutation));
  assert.ok(found.includes(wanted), [`no mutant is ${wanted}; there are`, ...found].join('\n'));
}

describe('mistakes that once no fast test noticed are among the mutants', () => {
  test('a share is halved', () => {
    assertAmong('stale / (durationMs * 1000 * clients);', 'stale / (durationMs * 2000 * clients);');
  });
  test('framing is all bytes', () => {
    assertAmong("readBytes - tallied('updateBytes');", 'readBytes;');
  });
  test('bytes of one direction are counted as those of the other', () => {
    const type = "type Counter = 'openSockets' | 'readBytes' | 'writtenBytes';";
    assertAmong("sumOf(edge, 'writtenBytes');", "sumOf(edge, 'readBytes');", [type]);
  });
  test('CPU is in a wrong unit', () => {
    assertAmong('(end.cpuUs - start.cpuUs) / 1000;', '(end.cpuUs - start.cpuUs);');
  });
  test('memory is read at another instant', () => {
    const at = (instant: string) => `const rss = ({ idle, drained }) => ({ rssBytes: at(${instant}).rssBytes });`;
    assertAmong(at('drained'), at('idle'));
  });
  test('a mean is not divided', () => {
    assertAmong('const mean = sum / count / 1000;', 'const mean = sum / 1000;');
  });
});

test('operators are replaced, and parentheses keep operands together', () => {
  assert.deepEqual(mutantsOf('a < b;'), ['a <= b;', 'a >= b;']);
  assert.deepEqual(mutantsOf('a && b && c;', 'operator'), ['a && b || c;', '(a || b) && c;']);
  assert.deepEqual(mutantsOf('a ?? b;'), ['a && b;']);
  assert.deepEqual(mutantsOf('!a; -b;'), ['a; -b;', '!a; b;']);
  assert.deepEqual(mutantsOf('if (isCold(a)) b();'), ['if (!(isCold(a))) b();']);
});

test('a mutation that cannot be parsed is left out', () => {
  assert.deepEqual(mutantsOf('a ?? b ?? c;', 'operator'), ['(a && b) ?? c;']);
});

test('numbers and booleans are changed', () => {
  assert.deepEqual(mutantsOf('f(0, true, 2_000, 0.5);', 'constant'), [
    'f(1, true, 2_000, 0.5);',
    'f(0, false, 2_000, 0.5);',
    'f(0, true, 4000, 0.5);',
    'f(0, true, 2_000, 1);',
  ]);
});

test('a field is replaced by the most similar ones beside it', () => {
  const type = 'type T = { readonly upBytes: number; readonly count: number; readonly downBytes: number };';
  assert.deepEqual(mutantsOf(`${type} t.upBytes;`), [`${type} t.downBytes;`, `${type} t.count;`]);
  assert.deepEqual(mutantsOf("m['a.up']; m['a.down'];"), ["m['a.down']; m['a.down'];", "m['a.up']; m['a.up'];"]);
  assert.deepEqual(mutantsOf('list.length; list.map(f);'), []);
});

test('names of a pattern are swapped', () => {
  assert.deepEqual(mutantsOf('const { low, high, mean: m } = t;'), ['const { low: high, high: low, mean: m } = t;']);
});

test('arguments and operands are swapped where the order matters', () => {
  assert.deepEqual(mutantsOf('f(a, b.c(1), d => d);', 'argument'), ['f(b.c(1), a, d => d);']);
  assert.deepEqual(mutantsOf('a - b; c + d;', 'argument'), ['b - a; c + d;']);
  assert.deepEqual(mutantsOf('Math.max(a, b);', 'argument'), []);
});

test('operands are not swapped inside Math.abs or a square', () => {
  for (const source of ['Math.abs(a - b);', '(a - b) ** 2;']) assert.deepEqual(mutantsOf(source, 'argument'), []);
  assert.deepEqual(mutantsOf('(a - b) ** 3;', 'argument'), ['(b - a) ** 3;']);
  assert.deepEqual(mutantsOf('2 ** (a - b);', 'argument'), ['2 ** (b - a);']);
});

test('calls are replaced or removed', () => {
  assert.deepEqual(mutantsOf('Math.abs(Math.min(a, b));', 'call'), ['(Math.min(a, b));', 'Math.abs(Math.max(a, b));']);
  assert.deepEqual(mutantsOf('a.filter(isGood).some(isBad);', 'call'), [
    'a.filter(isGood).every(isBad);',
    'a.some(isBad);',
  ]);
});

test('types, imports, strings and thrown errors are not mutated', () => {
  const source = [
    "import { a, b } from './a.ts';",
    'type T = { readonly a: 1; readonly b: true };',
    "const text = 'a < 1' + ` && 2`;",
    'const x: Record<string, 2> = y as unknown;',
    "throw new Error('1 + 1', { cause: 1 });",
  ].join('\n');
  assert.deepEqual(mutantsOf(source), []);
});

test('a change has the right lines, even after characters of two UTF-16 units', () => {
  const source = "const text = 'ü 🙂';\nconst sum =\n  a +\n  1;\n";
  const [mutation] = mutationsOf('x.ts', source).filter(({ kind }) => kind === 'constant');
  assert.deepEqual(changeOf(source, mutation!), { line: 4, before: '1;', after: '2;' });
});
