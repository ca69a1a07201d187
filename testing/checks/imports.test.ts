import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importsOf } from './imports.ts';

test('relative imports of every form are found', () => {
  const source = [
    "import type { A } from '../protocol/a.ts';",
    "import { type B, type C } from './b.ts';",
    'import {',
    '  type D,',
    '  e,',
    "} from '../results/d.ts';",
    "const f = await import('../report/f.ts');",
    "import '../network/g.ts';",
    "import { h } from 'node:fs';",
    "export type { I } from './i.ts';",
    "export { j } from './j.ts';",
    "export * from './k.ts';",
    "type L = import('./l.ts').L;",
  ].join('\n');
  assert.deepEqual(
    importsOf('bench/x.ts', source).map(({ to, typeOnly, line }) => `${line} ${to} ${typeOnly}`),
    [
      '1 protocol/a.ts true',
      '2 bench/b.ts true',
      '3 results/d.ts false',
      '7 report/f.ts false',
      '8 network/g.ts false',
      '10 bench/i.ts true',
      '11 bench/j.ts false',
      '12 bench/k.ts false',
      '13 bench/l.ts true',
    ],
  );
});

test('text in comments and strings that looks like an import is ignored', () => {
  const source = ["// import { a } from './a.ts';", "const text = `\nimport './b.ts';`;", 'const ü = 1;'].join('\n');
  assert.deepEqual(importsOf('bench/x.ts', source), []);
});
