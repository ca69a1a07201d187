import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { warningsTable } from './warning-rules.ts';

test('the table of warnings in the method is that of the code', () => {
  const method = readFileSync(join(import.meta.dirname, '../docs/method.md'), 'utf8');
  const shown = /<!-- warnings: from analysis\/warning-rules\.ts -->\n\n(.*?)\n\n<!-- end -->/s.exec(method)?.[1];
  assert.equal(shown, warningsTable(), 'put what warningsTable() gives between the two comments of docs/method.md');
});
