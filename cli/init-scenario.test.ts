import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { projectRoot } from '../machine/host/project-root.ts';
import { scenarioForm, scenarioJsonSchema } from '../scenarios/file/form-schema.ts';
import { exampleScenario, schemaFile } from '../scenarios/file/scenario-example.ts';
import { readScenarioFile } from '../scenarios/file/scenario-file.ts';
import { openCommand } from '../testing/commands/asked-command.ts';

const home = mkdtempSync(join(tmpdir(), 'pvw-init-'));
const { ask, stop } = openCommand(home);
after(() => {
  stop();
  rmSync(home, { recursive: true });
});

test('init-scenario writes one file that loads, and prints the command that runs it', async () => {
  const { code, stdout } = await ask('init-scenario', "it's.yaml");
  assert.equal(code, 0);
  assert.equal(stdout, "it's.yaml is written; change it, then: pvw run 'it'\\''s.yaml'\n");
  assert.deepEqual(readdirSync(home), ["it's.yaml"]);
  const [own] = await readScenarioFile(join(home, "it's.yaml"));
  assert.equal(own?.scenario.name, 'it-s');
});

test('a file name with a line break is refused, and nothing is written', async () => {
  const before = readdirSync(home);
  const { code, stderr } = await ask('init-scenario', 'a\nclients: 9.yaml');
  assert.equal(code, 2);
  assert.match(stderr, /file: "a\\nclients: 9\.yaml" is not allowed; give a new/);
  assert.deepEqual(readdirSync(home), before);
});

test('the file points editors to a schema beside it, and list prints that schema', async () => {
  assert.match(exampleScenario('my.yaml'), new RegExp(`^# yaml-language-server: \\$schema=\\./${schemaFile}\n`));
  assert.deepEqual(JSON.parse((await ask('list', 'scenarios', '--schema')).stdout), scenarioJsonSchema());
});

test('the schema for editors has every field with a description', () => {
  const { properties } = scenarioJsonSchema() as {
    readonly properties: Readonly<Record<string, { description?: string }>>;
  };
  assert.deepEqual(Object.keys(properties), Object.keys(scenarioForm.shape));
  for (const [name, { description }] of Object.entries(properties)) assert.ok(description, name);
});

test('every field is in the example', () => {
  for (const field of Object.keys(scenarioForm.shape)) {
    assert.match(exampleScenario('my.yaml'), new RegExp(`^(# )?${field}:`, 'm'), field);
  }
});

test('the scenario in the README loads', async () => {
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
  const file = join(home, 'readme.yaml');
  writeFileSync(file, /```yaml\n(.*?)```/s.exec(readme)![1]!);
  const [own] = await readScenarioFile(file);
  assert.equal(own?.scenario.name, 'order-status');
});
