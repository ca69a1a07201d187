import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functionsOf } from './functions.ts';
import { houseFigures } from './house-figures.ts';

const house = [
  { path: 'a/one.ts', text: "import type { Two } from './two.ts';\nexport const one = 1;\n" },
  {
    path: 'a/two.ts',
    text: "import { one } from './one.ts';\nimport x from '../../package.json';\n\nexport type Two = 2;\n",
  },
  { path: 'a/one.test.ts', text: "import './one.ts';\n" },
  { path: 'b/one.ts', text: "import { one } from '../a/one.ts';\n" },
];

test('sources and tests are counted separately, for each folder', () => {
  const { folders, fileLines, testLines, rootFolders } = houseFigures(house, ['a', 'b', 'docs']);
  assert.deepEqual(folders, [
    { folder: 'a', sources: 2, tests: 1 },
    { folder: 'b', sources: 1, tests: 0 },
  ]);
  assert.deepEqual(fileLines, { count: 3, median: 2, largest: 4 });
  assert.deepEqual(testLines, { count: 1, median: 1, largest: 1 });
  assert.equal(rootFolders, 3);
});

test('a circle through a type import counts, and its imports are listed', () => {
  const { circles, longestChain } = houseFigures(house, []);
  assert.deepEqual(
    circles.map(({ files }) => files),
    [['a/one.ts', 'a/two.ts']],
  );
  assert.deepEqual(
    circles[0]!.imports.map(({ from, to, typeOnly }) => `${from} ${to} ${typeOnly}`),
    ['a/one.ts a/two.ts true', 'a/two.ts a/one.ts false'],
  );
  assert.deepEqual([longestChain.length, longestChain[0]], [2, 'b/one.ts']);
});

test('base names that occur in several folders are listed', () => {
  assert.deepEqual(houseFigures(house, []).repeatedNames, [{ name: 'one.ts', folders: ['a', 'b'] }]);
});

test('functions of every form are found, with their lines', () => {
  const source = [
    'function named() {',
    '  return list.map((each) => {',
    '    return each;',
    '  });',
    '}',
    'const arrow = () => 1;',
    'const record = { method() {}, field: function () {} };',
  ].join('\n');
  assert.deepEqual(
    functionsOf('x.ts', source).map(({ name, line, lines }) => `${name} ${line} ${lines}`),
    ['named 1 5', 'a callback of map 2 3', 'arrow 6 1', 'method 7 1', 'field 7 1'],
  );
});

test('a function of more than 60 lines is listed', () => {
  const text = (lines: number) => `function f() {\n${'  a();\n'.repeat(lines - 2)}}\n`;
  assert.deepEqual(houseFigures([{ path: 'x.ts', text: text(60) }], []).longFunctions, []);
  assert.deepEqual(houseFigures([{ path: 'x.ts', text: text(61) }], []).longFunctions, [
    { path: 'x.ts', name: 'f', line: 1, lines: 61 },
  ]);
});
