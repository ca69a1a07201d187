import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { projectRoot } from '../../machine/host/project-root.ts';
import { renderCsv } from '../../report/export/csv.ts';
import { renderMarkdown } from '../../report/export/markdown.ts';
import { failureReason } from '../../report/sentences/failure-text.ts';
import { renderTerminal } from '../../report/terminal/terminal.ts';
import { arbitraryOf, type JsonSchema } from '../../testing/by-hand/arbitrary-json.ts';
import { syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { readRun } from '../store/read-run.ts';
import { migrateRun, migrateTrial } from './migration.ts';
import { runRecord, trialRecord } from './schema.ts';

const fixture = join(projectRoot, 'testing/fixtures/run-v1');
const frozen = { run: frozenSchema('run'), trial: frozenSchema('trial') };

function frozenSchema(name: 'run' | 'trial'): JsonSchema {
  return JSON.parse(readFileSync(join(projectRoot, `testing/fixtures/schema-v1/${name}.json`), 'utf8'));
}

/** A zod check made from a frozen schema. */
function checkOf(schema: JsonSchema): z.ZodType {
  return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
}

const temporary: string[] = [];
after(() => {
  for (const directory of temporary) rmSync(directory, { recursive: true, force: true });
});

/** A copy of the fixture with one file changed; returns its directory. */
function damaged(file: 'run.json' | 'trials.jsonl', change: (text: string) => string): string {
  const directory = mkdtempSync(join(tmpdir(), 'pvw-v1-'));
  temporary.push(directory);
  cpSync(fixture, directory, { recursive: true });
  const path = join(directory, file);
  const text = readFileSync(path, 'utf8');
  const changed = change(text);
  assert.notEqual(changed, text);
  writeFileSync(path, changed);
  return directory;
}

test('everything that version 1 allowed is valid as version 2, and migrating twice changes nothing', () => {
  const isOfVersion1 = { run: checkOf(frozen.run), trial: checkOf(frozen.trial) };
  fc.assert(
    fc.property(arbitraryOf(frozen.run), (value) => {
      isOfVersion1.run.parse(value);
      const migrated = migrateRun(value);
      runRecord.parse(migrated);
      assert.equal(migrateRun(migrated), migrated);
    }),
    { numRuns: 60 },
  );
  fc.assert(
    fc.property(arbitraryOf(frozen.trial), (value) => {
      isOfVersion1.trial.parse(value);
      const migrated = migrateTrial(value);
      trialRecord.parse(migrated);
      assert.equal(migrateTrial(migrated), migrated);
    }),
    { numRuns: 60 },
  );
});

test('the stored run of version 1 follows the frozen schemas and can be read', () => {
  const lines = readFileSync(join(fixture, 'trials.jsonl'), 'utf8').trimEnd().split('\n');
  checkOf(frozen.run).parse(JSON.parse(readFileSync(join(fixture, 'run.json'), 'utf8')));
  for (const line of lines) checkOf(frozen.trial).parse(JSON.parse(line));
  const { record, trials } = readRun(fixture);
  assert.equal(record.schemaVersion, 2);
  assert.ok(trials.every(({ schemaVersion, point }) => schemaVersion === 2 && Object.keys(point).length === 0));
  assert.equal(trials.length, lines.length);
});

test('a migrated record keeps all its values, under their new names', () => {
  const run = migrateRun({
    schemaVersion: 1,
    profile: 'quick',
    command: ['pvw', 'run', '--tls'],
    plan: {
      rttMs: 40,
      jitterMs: 2,
      bandwidthBitsPerSecond: null,
      lossShare: 0.1,
      trials: 4,
      scenarios: [{ scenario: { name: 'ticker' }, repeats: 3 }],
    },
  });
  assert.deepEqual(run, {
    schemaVersion: 2,
    profile: 'quick',
    command: ['pvw', 'run', '--tls'],
    asked: {
      profile: { value: 'quick', from: 'default' },
      scenarios: [],
      options: [{ name: 'tls', kind: 'route', text: null }],
      sources: [{ scenario: 'ticker', from: 'profile', fields: ['repeats', 'durationMs', 'warmupMs'] }],
    },
    plan: {
      link: { rttMs: 40, jitterMs: 2, bandwidthBitsPerSecond: null, lossShare: 0.1 },
      trials: 4,
      scenarios: [{ scenario: { name: 'ticker' }, repeats: 3, point: {} }],
    },
  });
  const trial = migrateTrial({ schemaVersion: 1, status: 'completed', path: { rttMs: 60, link: 'dsl' } });
  assert.deepEqual(trial, { schemaVersion: 2, status: 'completed', point: {}, path: { rttMs: 60, linkName: 'dsl' } });
});

test('the mistake is split off the reason, and the report puts the same sentence together again', () => {
  const texts = fc.string({ maxLength: 20 });
  fc.assert(
    fc.property(texts, fc.constantFrom('buffered-sse', 'no-upgrade-headers'), texts, (before, name, symptom) => {
      const reason = `${before}. The mistake ${name}: ${symptom}`;
      const path = { route: { proxy: { mistake: name } } };
      const migrated = migrateTrial({ schemaVersion: 1, status: 'failed', reason, path });
      assert.deepEqual(migrated, {
        schemaVersion: 2,
        status: 'failed',
        point: {},
        path,
        reason: before,
        mistake: { name, symptom },
      });
      assert.equal(failureReason(migrated as Parameters<typeof failureReason>[0]), reason);
    }),
  );
});

test('a reason is left alone if its path has no mistake, or if it does not name one', () => {
  const sentence = 'ended. The mistake buffered-sse: nothing comes';
  const direct = { schemaVersion: 1, status: 'failed', reason: sentence, path: { rttMs: 0 } };
  assert.deepEqual(migrateTrial(direct), { ...direct, schemaVersion: 2, point: {} });
  const path = { route: { proxy: { mistake: 'buffered-sse' } } };
  const silent = { schemaVersion: 1, status: 'failed', reason: 'no network', path };
  assert.deepEqual(migrateTrial(silent), { ...silent, schemaVersion: 2, point: {} });
});

test('values other than version 1 records are returned unchanged', () => {
  const { record, trials } = syntheticRun({ repeats: 1 });
  assert.equal(migrateRun(record), record);
  assert.equal(migrateTrial(trials[0]), trials[0]);
  for (const value of [null, 1, 'text', [], {}, { schemaVersion: 0 }]) assert.equal(migrateRun(value), value);
});

test('a run of version 1 is reported with every figure, and with the mistake of its failed trial', () => {
  const run = readRun(fixture);
  const failed = run.trials.find((trial) => trial.status === 'failed');
  assert.equal(failed?.reason, 'nginx: nginx ended (exit code 1): no workers on this machine');
  assert.equal(failed?.mistake?.name, 'no-upgrade-headers');
  const said = /no workers on this machine\. The mistake\s+no-upgrade-headers: Every WebSocket handshake is answered/;
  assert.match(renderTerminal(run), said);
  assert.match(renderMarkdown(run), said);
  const [head, ...rows] = renderCsv(run).split('\r\n');
  assert.match(head!, /,unit,path$/);
  assert.ok(rows.some((row) => /,websocket,0,\d+,valid,bytes\.total,[\d.]+,bytes,nginx-2-nodes$/.test(row)));
});

test('damage in a record of version 1 is named with file, line and the field as the file has it', () => {
  const cases = [
    [
      damaged('run.json', (text) => text.replace('"rttMs": 40', '"rttMs": "far"')),
      /run\.json: is damaged \(plan\.rttMs: /,
    ],
    [damaged('run.json', (text) => text.replace('"plan":', '"plans":')), /run\.json: is damaged \(plan: /],
    [
      damaged('trials.jsonl', (text) => text.replace('"accepted":', '"taken":')),
      /trials\.jsonl:1: is damaged \(updates\.accepted: /,
    ],
    [
      damaged('trials.jsonl', (text) => text.replace('"delay":', '"link":5,"delay":')),
      /trials\.jsonl:1: is damaged \(path\.link: /,
    ],
  ] as const;
  for (const [directory, message] of cases) assert.throws(() => readRun(directory), message);
});
