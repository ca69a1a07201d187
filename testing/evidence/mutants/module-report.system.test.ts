import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readImports } from '../../checks/imports.ts';
import type { Equivalent } from './equivalents.ts';
import { killedShare, type ModuleReport, tryModule } from './module-report.ts';
import { type Place, runTests, writeReporter } from './mutant-process.ts';

const rate = 'export function perSecond(count: number, ms: number): number {\n  return count / (ms / 1000);\n}\n';

function testOf(module: string, assertion: string): string {
  return `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { perSecond } from './${module}.ts';
test('the rate', () => ${assertion});
`;
}

const files: Readonly<Record<string, string>> = {
  'held.ts': rate,
  'held.test.ts': testOf('held', 'assert.equal(perSecond(6, 2_000), 3)'),
  'loose.ts': rate,
  'loose.test.ts': testOf('loose', "assert.equal(typeof perSecond(6, 2_000), 'number')"),
  'wrong.ts': rate,
  'wrong.test.ts': testOf('wrong', 'assert.equal(perSecond(6, 2_000), 4)'),
  'alone.ts': rate,
};

describe('on a project of four modules', () => {
  const root = mkdtempSync(join(tmpdir(), 'pvw-mutants-'));
  let place: Place;
  before(async () => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
    place = { root, directory: root, reporter: await writeReporter(root) };
  });
  after(() => rmSync(root, { recursive: true }));

  async function reportOf(path: string, equivalents: readonly Equivalent[] = []): Promise<ModuleReport> {
    const tests = Object.keys(files).filter((name) => name.endsWith('.test.ts'));
    const imports = readImports(root, Object.keys(files));
    const session = { place, tests, imports, equivalents, seed: '1', atOnce: 2 };
    return await tryModule(session, { room: '.', path }, Number.POSITIVE_INFINITY);
  }

  test('a test that checks the number kills every mutant', async () => {
    const { mutants, killed, survivors, fault } = await reportOf('held.ts');
    assert.deepEqual({ mutants, killed, survivors, fault }, { mutants: 7, killed: 7, survivors: [], fault: undefined });
  });

  test('a test that checks only the type lets all mutants survive, each listed with its lines', async () => {
    const report = await reportOf('loose.ts');
    assert.deepEqual([report.fault, report.mutants, report.killed, killedShare(report)], [undefined, 7, 0, 0]);
    assert.ok(
      report.survivors.some(({ line, before, after }) => {
        return line === 2 && before === 'return count / (ms / 1000);' && after === 'return count / (ms * 1000);';
      }),
    );
  });

  test('a proven equivalent counts neither as killed nor as survived', async () => {
    const entry = {
      file: 'held.ts',
      before: 'return count / (ms / 1000);',
      after: 'return count * (ms / 1000);',
      proof: 'made up',
    };
    const report = await reportOf('held.ts', [entry, { ...entry, before: 'gone' }]);
    assert.deepEqual([report.mutants, report.equivalents, report.killed], [7, 1, 6]);
    assert.deepEqual([killedShare(report), report.known], [1, [entry]]);
  });

  test('without a test that passes on the original module, nothing is killed', async () => {
    const wrong = await reportOf('wrong.ts');
    assert.deepEqual([wrong.killed, wrong.fault], [0, 'its tests do not pass as it is (failed)']);
    const alone = await reportOf('alone.ts');
    assert.deepEqual([alone.killed, alone.fault], [0, 'no fast test beside it or of its folder imports it']);
  });

  test('an endless loop is stopped, and a source that cannot be parsed is reported separately', async () => {
    const attempt = { module: 'held.ts', tests: ['held.test.ts'], timeoutMs: 1_000 };
    const endless = rate.replace('return', 'for (;;) {}\n  return');
    assert.deepEqual(await runTests(place, { ...attempt, source: endless }), { end: 'timeout' });
    assert.deepEqual(await runTests(place, { ...attempt, source: '}' }), { end: 'no-code' });
    assert.equal(readFileSync(join(root, 'held.ts'), 'utf8'), rate);
  });
});
