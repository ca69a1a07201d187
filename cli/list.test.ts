import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { jsonSchemas } from '../results/schema/json-schema.ts';
import { scenarioJsonSchema } from '../scenarios/file/form-schema.ts';
import { openCommand } from '../testing/commands/asked-command.ts';

const home = mkdtempSync(join(tmpdir(), 'pvw-list-'));
const { ask, stop } = openCommand(home);
after(() => {
  stop();
  rmSync(home, { recursive: true });
});

async function listed(...words: readonly string[]): Promise<unknown> {
  const { code, stdout } = await ask('list', ...words);
  assert.equal(code, 0);
  return JSON.parse(stdout);
}

test('list schemas prints the JSON Schemas of run.json, of a line of trials.jsonl and of a scenario file', async () => {
  const expected = JSON.parse(JSON.stringify({ ...jsonSchemas(), scenario: scenarioJsonSchema() }));
  assert.deepEqual(Object.keys(expected), ['run', 'trial', 'scenario']);
  assert.deepEqual(await listed('schemas'), expected);
  assert.deepEqual(await listed('schemas', '--json'), expected);
});

test('list without an argument leaves the schemas out', async () => {
  assert.deepEqual(Object.keys(Object(await listed('--json'))), [
    'scenarios',
    'transports',
    'profiles',
    'links',
    'figures',
  ]);
});
