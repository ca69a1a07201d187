import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findScenario } from '../catalogue/catalogue.ts';
import { exampleScenario } from './scenario-example.ts';
import { readScenarioFile } from './scenario-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'pvw-scenarios-'));
after(() => rmSync(directory, { recursive: true }));

/** A minimal valid file of four lines: a test's own text starts at line 5. */
const least = `name: orders
clients: 10
arrivals: {kind: poisson, perSecond: 2}
payload: {kind: notice, bytes: 200}
`;

let files = 0;

function write(text: string, extension = 'yaml'): string {
  const file = join(directory, `${++files}.${extension}`);
  writeFileSync(file, text);
  return file;
}

async function read(text: string, extension?: string) {
  const [own] = await readScenarioFile(write(text, extension));
  return own!;
}

test('absent fields have their defaults', async () => {
  assert.deepEqual(await read(least), {
    scenario: {
      name: 'orders',
      title: 'Orders',
      summary: 'No summary was given.',
      clients: 10,
      channels: 1,
      origin: 'server',
      arrivals: { kind: 'poisson', perSecond: 2 },
      payload: { kind: 'notice', bytes: 200 },
      semantics: 'every',
      encoding: 'json',
      echo: false,
      pollIntervalMs: 1_000,
      holdMs: 25_000,
      heartbeatMs: 25_000,
    },
    times: {},
  });
});

test('reads every field, durations in milliseconds', async () => {
  const text = `${least}
title: Order status
summary: >
  Two lines
  become one.
channels: 5
origin: client
semantics: latest
encoding: binary
echo: true
inputs: {arrivals: {kind: bursts, perSecond: 1, size: 3, gap: 50ms}, payload: {kind: reaction, bytes: 60}}
pollInterval: 250ms
hold: 10s
heartbeat: 1m
duration: 3s
warmup: 0s
repeats: 2
`;
  const { scenario, times } = await read(text);
  assert.deepEqual(times, { durationMs: 3_000, warmupMs: 0, repeats: 2 });
  assert.equal(scenario.summary, 'Two lines become one.');
  assert.deepEqual(
    [scenario.channels, scenario.origin, scenario.semantics, scenario.encoding, scenario.echo],
    [5, 'client', 'latest', 'binary', true],
  );
  assert.deepEqual([scenario.pollIntervalMs, scenario.holdMs, scenario.heartbeatMs], [250, 10_000, 60_000]);
  assert.deepEqual(scenario.inputs?.arrivals, { kind: 'bursts', perSecond: 1, size: 3, gapMs: 50 });
});

test('extends supplies absent fields from a built-in scenario', async () => {
  const { scenario } = await read('name: busy-chat\nextends: chat-room\nclients: 300\n');
  const base = findScenario('chat-room')!;
  const { name, title, summary, clients, ...rest } = scenario;
  assert.deepEqual([name, title, clients], ['busy-chat', 'Busy chat', 300]);
  assert.equal(summary, 'Based on the scenario chat-room.');
  assert.deepEqual({ ...base, ...rest }, base);
});

test('an empty inputs field removes inherited inputs', async () => {
  assert.ok((await read('name: a\nextends: online-game\n')).scenario.inputs);
  assert.equal((await read('name: a\nextends: online-game\ninputs:\n')).scenario.inputs, undefined);
});

test('a trace path is relative to the scenario file', async () => {
  mkdirSync(join(directory, 'traces'));
  writeFileSync(join(directory, 'traces/t.txt'), '0\n100\nlength 500\n');
  const text = least.replace('{kind: poisson, perSecond: 2}', '{kind: trace, file: traces/t.txt}');
  assert.deepEqual((await read(text)).scenario.arrivals, { kind: 'trace', instantsMs: [0, 100], lengthMs: 500 });
});

test('reads JSON and aliases too', async () => {
  const json = {
    name: 'a',
    clients: 1,
    arrivals: { kind: 'constant', perSecond: 1 },
    payload: { kind: 'quotes', bytes: 110 },
  };
  assert.equal((await read(JSON.stringify(json, null, '\t'), 'json')).scenario.name, 'a');
  const shared = `${least}inputs: {arrivals: &a {kind: constant, perSecond: 1}, payload: &p {kind: reaction, bytes: 60}}\n`;
  const text = shared.replace('payload: {kind: notice, bytes: 200}\n', '').concat('payload: *p\n');
  assert.deepEqual((await read(text)).scenario.payload, { kind: 'reaction', bytes: 60 });
});

test('the example of init-scenario loads unchanged under any name', async () => {
  for (const [file, name] of Object.entries({
    'my.yaml': 'my',
    '/x/Ünï 7.yml': 'n-7',
    'ticker.yaml': 'my-ticker',
    '7.yaml': 'my-7',
  })) {
    const { scenario, times } = await read(exampleScenario(file));
    assert.equal(scenario.name, name);
    assert.deepEqual([scenario.clients, scenario.pollIntervalMs, times], [40, 1_000, {}]);
  }
});

test('the commented parts of the example load as well', async () => {
  const text = exampleScenario('my.yaml').replace(
    /^# ?(extends| {2}arrivals| {2}payload|inputs|broadcast|duration|warmup|repeats)/gm,
    '$1',
  );
  const { scenario, times } = await read(text);
  assert.ok(scenario.inputs);
  assert.deepEqual(scenario.broadcast, {
    arrivals: { kind: 'constant', perSecond: 0.1 },
    payload: { kind: 'notice', bytes: 200 },
  });
  assert.deepEqual(times, { durationMs: 8_000, warmupMs: 5_000, repeats: 3 });
});
