import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { UsageError } from '../../text/usage-error.ts';
import { findScenario } from '../catalogue/catalogue.ts';
import { readModule } from './scenario-module.ts';

const directory = mkdtempSync(join(tmpdir(), 'pvw-modules-'));
after(() => rmSync(directory, { recursive: true }));

let files = 0;

function write(text: string, extension = 'ts'): string {
  const file = join(directory, `${++files}.${extension}`);
  writeFileSync(file, text);
  return file;
}

async function complaintAbout(text: string, extension = 'ts'): Promise<string> {
  const file = write(text, extension);
  try {
    await readModule(file);
  } catch (error) {
    assert.ok(error instanceof UsageError, `${error}`);
    return error.message.replaceAll(file, 'F');
  }
  return assert.fail('nothing was refused');
}

test('loads scenarios from modules in TypeScript and JavaScript', async () => {
  for (const builtIn of ['chat-room', 'online-game', 'presence']) {
    const scenario = { ...findScenario(builtIn)!, name: 'mine' };
    for (const extension of ['ts', 'js', 'mjs']) {
      const type = extension === 'ts' ? ': object' : '';
      const file = write(`const mine${type} = ${JSON.stringify(scenario)};\nexport default mine;\n`, extension);
      assert.deepEqual(await readModule(file), [{ scenario, times: {} }]);
    }
  }
});

test('loads a list in the form of a scenario file, with its own trace', async () => {
  const text = `export default ['a', 'b'].map((name) => ({
    name, extends: 'ticker', pollInterval: '2s', durationMs: 1500,
    arrivals: { kind: 'trace', instantsMs: [0, 10], lengthMs: 20 },
  }));`;
  const own = await readModule(write(text));
  assert.deepEqual(
    own.map(({ scenario, times }) => [
      scenario.name,
      scenario.pollIntervalMs,
      times.durationMs,
      scenario.arrivals.kind,
    ]),
    [
      ['a', 2_000, 1_500, 'trace'],
      ['b', 2_000, 1_500, 'trace'],
    ],
  );
});

test('an error in a module is one line that names the file', async () => {
  const allowed = 'export default a scenario, or a list of them, as plain data';
  const refused: Readonly<Record<string, string>> = {
    'export const a = 1;': `F: has no default export; ${allowed}`,
    'export default () => 1;': `F: is no plain data (()=>1 could not be cloned.); ${allowed}`,
    'export default { get name() { throw new Error("no name"); } };': `F: is no plain data (no name); ${allowed}`,
    'const list = [{ name: "a", extends: "ticker" }]; list[2] = list[0]; export default list;':
      'F: scenario 2 of the list: is missing; give fields such as name, clients, arrivals and payload',
    'process.send?.(null); export default 1;': `F: sent a message while it was being loaded; ${allowed}`,
    'process.send?.({ kind: "data" }); export default 1;': `F: sent a message while it was being loaded; ${allowed}`,
    'process.send?.({ kind: "not-data", reason: { toString: 1 } }); export default 1;': `F: sent a message while it was being loaded; ${allowed}`,
    'process.kill(process.pid, "SIGTERM"); export default 1;': `F: ended the process while it was being loaded; ${allowed}`,
    'import { closeSync } from "node:fs"; for (const n of [1, 2, 3, 4]) try { closeSync(n); } catch {} process.exit();': `F: ended the process while it was being loaded; ${allowed}`,
    'export default { name: "a", extends: "ticker", title: new Uint8Array(100_000_000) };': `F: exports more than 4 MiB; ${allowed}`,
    'const all = []; for (;;) all.push(Buffer.alloc(1e7, 1));': `F: takes more than 512 MiB of memory; ${allowed}`,
    'process.exit(0);': `F: ended the process while it was being loaded; ${allowed}`,
    'export default Array.from({ length: 1_001 }, () => ({}));': `F: exports 1001 scenarios, at most 1000 are allowed; ${allowed}`,
    'export default "x".repeat(5_000_000);': `F: exports more than 4 MiB; ${allowed}`,
    'const a: { name: string; title?: unknown } = { name: "a" }; a.title = a; export default a;':
      'F: title: a group of fields is not allowed; ' +
      'give 1 to 120 characters, without control characters or marks that hide or reorder text',
    'export default [];': `F: the list is empty; ${allowed}`,
    'throw new Error("a\\nb");': `F: cannot be loaded (a b); ${allowed}`,
    'export default 5;': 'F: "5" is not allowed; give fields such as name, clients, arrivals and payload',
    'export default { name: "a", extends: "ticker", clients: 0 };':
      'F: clients: "0" is not allowed; give a whole number from 1 to 1000000',
    'export default [{ name: "a", extends: "ticker" }, { name: "a b", extends: "ticker" }];':
      'F: scenario 2 of the list: name: "a b" is not allowed; ' +
      'give 1 to 64 lower-case letters and digits in words joined by single hyphens',
    'export default { name: "a", extends: "ticker", holdMs: 5 };':
      'F: hold: "5ms" is not allowed; give a duration from 100ms to 2m, such as 250ms, 2s or 5m',
  };
  for (const [text, complaint] of Object.entries(refused)) assert.equal(await complaintAbout(text), complaint);
  assert.match(await complaintAbout('export default {'), /^F: cannot be loaded \(.*; export default a scenario/);
});

test('a module that never finishes is given up', { timeout: 30_000 }, async () => {
  const endless = ['await new Promise(() => {});', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);'];
  for (const complaint of await Promise.all(endless.map((text) => complaintAbout(text, 'mjs')))) {
    assert.match(complaint, /did not finish loading within 8 s; export/);
  }
});

test('a module changes nothing outside of itself, and what it does later fails nothing', async () => {
  const before = process.cwd();
  const late = 'setTimeout(() => Promise.reject(new Error("late")), 1); console.log("loading");';
  const [own] = await readModule(write(`${late} process.chdir('/'); export default { name: 'a', extends: 'ticker' };`));
  assert.equal(own!.scenario.name, 'a');
  assert.equal(process.cwd(), before);
});
