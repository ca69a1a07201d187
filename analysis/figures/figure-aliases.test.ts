import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureAliases, figureAt, figureNamed } from './figure-aliases.ts';
import { figureKeys } from './figures.ts';

test('every earlier name leads to a current figure', () => {
  const names: Readonly<Record<string, string>> = {
    'cpu.server': 'cpu.serving',
    'cpu.server.update': 'cpu.serving.update',
    'cpu.server.delivery': 'cpu.serving.delivery',
    'cpu.server.client': 'cpu.serving.client',
    'cpu.server.setUp': 'cpu.serving.setUp',
  };
  for (const [earlier, today] of Object.entries(names)) assert.equal(figureNamed(earlier), today);
  assert.deepEqual(Object.keys(figureAliases), Object.keys(names));
});

test('a current name means itself and is not an earlier one', () => {
  for (const key of figureKeys) assert.equal(figureNamed(key), key);
  for (const earlier of Object.keys(figureAliases)) assert.ok(!figureKeys.some((key) => key === earlier), earlier);
});

test('other texts mean no figure, even names of properties that every object has', () => {
  for (const name of ['', 'cpu', 'cpu.server.', 'CPU.SERVER', 'constructor', '__proto__', 'toString']) {
    assert.equal(figureNamed(name), undefined, name);
  }
});

test('the role "server" keeps its name: there it is one node', () => {
  for (const key of ['memory.server', 'memory.server.end', 'elu.server']) assert.equal(figureNamed(key), key);
});

test('bytes are those of both directions at the place where they were counted; every other figure is itself', () => {
  assert.equal(figureNamed('bytes'), 'bytes');
  assert.equal(figureAt('bytes', 'wire'), 'bytes.wire');
  assert.equal(figureAt('bytes', 'sockets'), 'bytes.total');
  assert.equal(figureAt('bytes.up', 'wire'), 'bytes.up');
});
