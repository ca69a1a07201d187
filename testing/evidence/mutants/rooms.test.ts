import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectRoot } from '../../../machine/host/project-root.ts';
import { modulesOf } from './rooms.ts';

test('the modules of the rooms are listed once each, without tests', () => {
  const paths = modulesOf(projectRoot).map(({ path }) => path);
  assert.ok(paths.length > 30, `${paths.length} modules`);
  assert.ok(paths.some((path) => path.endsWith('/trial-record.ts')));
  assert.deepEqual([...new Set(paths)], paths);
  assert.deepEqual(
    paths.filter((path) => path.endsWith('.test.ts')),
    [],
  );
});

test('a room without files is an error', () => {
  assert.throws(() => modulesOf(import.meta.dirname), /the room bench\/record is empty/);
});
