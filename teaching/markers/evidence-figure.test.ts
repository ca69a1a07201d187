import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { evidenceText } from './evidence-figure.ts';

const directory = mkdtempSync(join(tmpdir(), 'pvw-evidence-'));
after(() => rmSync(directory, { recursive: true }));
const findings = [{ claim: 'a', found: 'b', holds: true, figures: { clients: 1000, moreKiB: 235.8 } }, { claim: 'c' }];
writeFileSync(join(directory, 'memory.json'), JSON.stringify({ findings }));

test('a text quotes a recorded figure with three digits', () => {
  assert.equal(evidenceText('memory.clients', directory), '1,000');
  assert.equal(evidenceText('memory.moreKiB', directory), '236');
});

test('a missing record or figure says what to do', () => {
  assert.throws(() => evidenceText('weight.KiB', directory), {
    name: 'BadMarker',
    message: 'testing/evidence/records/weight.json is not there; npm run evidence -- weight writes it',
  });
  assert.throws(
    () => evidenceText('memory.lessKiB', directory),
    /"lessKiB" is no figure of memory; there are clients, /,
  );
  assert.throws(() => evidenceText('memory.toString', directory), /is no figure/);
});
