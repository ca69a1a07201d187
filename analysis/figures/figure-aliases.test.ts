import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureAliases, figureNamed } from './figure-aliases.ts';
import { figureKeys } from './figures.ts';

test('every earlier name means the figure of today', () => {
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

test('a name of today means itself, and an earlier one is none of these', () => {
  for (const key of figureKeys) assert.equal(figureNamed(key), key);
  for (const earlier of Object.keys(figureAliases)) assert.ok(!figureKeys.some((key) => key === earlier), earlier);
});

test('what is no figure means none, be it a property of every object', () => {
  for (const name of ['', 'cpu', 'cpu.server.', 'CPU.SERVER', 'constructor', '__proto__', 'toString']) {
    assert.equal(figureNamed(name), undefined, name);
  }
});

test('the role "server" keeps its name: there it is one node', () => {
  for (const key of ['memory.server', 'memory.server.end', 'elu.server']) assert.equal(figureNamed(key), key);
});
