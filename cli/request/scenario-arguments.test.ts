import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { planRequested } from './plan-request.ts';
import { askedFor, isScenarioFile, nameOf } from './scenario-arguments.ts';

const directory = mkdtempSync(join(tmpdir(), 'pvw-arguments-'));
after(() => rmSync(directory, { recursive: true }));

function write(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

const own = write('own.yaml', 'name: own\nextends: chat-room\nclients: 50\nduration: 2s\nrepeats: 2\n');

test('a word with a known extension or a slash is a file, any other is a name', () => {
  for (const word of ['a.yaml', 'a.YML', 'a.json', 'a.ts', 'a.js', 'a.mjs', './a', 'a/b', 'a\\b']) {
    assert.ok(isScenarioFile(word), word);
  }
  for (const word of ['chat-room', 'yaml', 'a.txt', '']) assert.ok(!isScenarioFile(word), word);
});

test('files and names can be mixed and are kept once each, in the order given', async () => {
  const asked = await askedFor(['ticker', own, 'chat-room', `${directory}/./own.yaml`, 'ticker']);
  assert.deepEqual(asked.map(nameOf), ['ticker', 'own', 'chat-room']);
});

test('two files with scenarios of the same name are refused', async () => {
  const other = write('other.yaml', 'name: own\nextends: ticker\n');
  await assert.rejects(askedFor([own, other]), {
    name: 'UsageError',
    message: `${other}: name: "own" is also in ${own}; give each scenario a name of its own`,
  });
});

test('the file wins over the profile, and options win over the file', async () => {
  const asked = await askedFor([own]);
  const [fromFile] = planRequested(asked, { profile: 'smoke' }).scenarios;
  assert.deepEqual([fromFile?.durationMs, fromFile?.repeats, fromFile?.warmupMs], [2_000, 2, 1_000]);
  assert.equal(fromFile?.scenario.clients, 50);
  const request = { clients: 20, pollInterval: 300, rate: 3, payloadBytes: 64, duration: 700, repeats: 1 };
  const [overridden] = planRequested(asked, request).scenarios;
  assert.deepEqual([overridden?.durationMs, overridden?.repeats], [700, 1]);
  assert.deepEqual(
    [overridden?.scenario.clients, overridden?.scenario.pollIntervalMs, overridden?.scenario.payload.bytes],
    [20, 300, 64],
  );
  assert.deepEqual(overridden?.scenario.arrivals, { kind: 'poisson', perSecond: 3 });
});
