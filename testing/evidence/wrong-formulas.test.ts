import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../machine/host/project-root.ts';
import { modulesOf } from './mutants/rooms.ts';
import { withWrong, wrongFormulas } from './wrong-formulas.ts';

test('each formula still occurs once in its module and can be replaced', () => {
  const modules = modulesOf(projectRoot);
  for (const formula of wrongFormulas) {
    const module = modules.find(({ path }) => basename(path) === formula.file)!;
    const source = readFileSync(join(projectRoot, module.path), 'utf8');
    assert.equal(withWrong(source, formula).replace(formula.wrong, formula.right), source);
  }
});

test('a formula that is gone or occurs twice is an error', () => {
  const formula = { name: 'halved', file: 'a.ts', right: 'x / 2', wrong: 'x' };
  assert.equal(withWrong('return x / 2;', formula), 'return x;');
  assert.throws(() => withWrong('return x;', formula), /^Error: a\.ts does not have once: x \/ 2$/);
  assert.throws(() => withWrong('x / 2 + x / 2', formula), /does not have once/);
});
