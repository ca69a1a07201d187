import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { exampleScenario, schemaFile } from './scenario-example.ts';
import { readScenarioFile } from './scenario-file.ts';
import { scenarioForm, scenarioJsonSchema } from './scenario-schema.ts';

const bin = resolve(import.meta.dirname, '../bin/pvw.js');
const home = mkdtempSync(join(tmpdir(), 'pvw-init-'));
after(() => rmSync(home, { recursive: true }));

function pvw(...args: readonly string[]): string {
  return execFileSync(process.execPath, [bin, ...args], { cwd: home, encoding: 'utf8' });
}

test('writes one whole file that loads, and says how to run it', async () => {
  assert.equal(pvw('init-scenario', "it's.yaml"), "it's.yaml is written; change it, then: pvw run 'it'\\''s.yaml'\n");
  assert.deepEqual(readdirSync(home), ["it's.yaml"]);
  const [own] = await readScenarioFile(join(home, "it's.yaml"));
  assert.equal(own?.scenario.name, 'it-s');
});

test('a name that would break out of a comment is refused, and nothing is written', () => {
  const before = readdirSync(home);
  assert.throws(
    () => pvw('init-scenario', 'a\nclients: 9.yaml'),
    /file: "a\\nclients: 9\.yaml" is not allowed; give a new/,
  );
  assert.deepEqual(readdirSync(home), before);
});

test('editors find the schema that list prints, beside the file', () => {
  assert.match(exampleScenario('my.yaml'), new RegExp(`^# yaml-language-server: \\$schema=\\./${schemaFile}\n`));
  assert.deepEqual(JSON.parse(pvw('list', 'scenarios', '--schema')), scenarioJsonSchema());
});

test('the schema for editors names every field, and explains it', () => {
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
  const readme = readFileSync(resolve(import.meta.dirname, '../README.md'), 'utf8');
  const file = join(home, 'readme.yaml');
  writeFileSync(file, /```yaml\n(.*?)```/s.exec(readme)![1]!);
  const [own] = await readScenarioFile(file);
  assert.equal(own?.scenario.name, 'order-status');
});
