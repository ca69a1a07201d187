import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { renderCsv } from '../../report/export/csv.ts';
import { renderMarkdown } from '../../report/export/markdown.ts';
import { syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { UsageError } from '../../text/usage-error.ts';
import { writeExports } from '../files/write-exports.ts';
import { checkExportFiles } from './export-files.ts';

const home = mkdtempSync(join(tmpdir(), 'pvw-export-'));
after(() => rmSync(home, { recursive: true }));
const inside = (name: string) => join(home, name);

test('both files are written; an existing file is replaced, also behind a link', () => {
  writeFileSync(inside('old.csv'), 'old');
  symlinkSync(inside('old.csv'), inside('link.csv'));
  const options = { exportCsv: inside('link.csv'), exportMarkdown: inside('new.md') };
  const run = syntheticRun({ repeats: 1 });
  checkExportFiles(options);
  writeExports(run, options);
  assert.equal(readFileSync(inside('old.csv'), 'utf8'), renderCsv(run));
  assert.equal(readFileSync(inside('new.md'), 'utf8'), renderMarkdown(run));
  assert.deepEqual(readdirSync(home).sort(), ['link.csv', 'new.md', 'old.csv']);
});

test('a path that cannot be written, a file of a run, a device, or one path for both is refused', () => {
  const refused = [home, inside('none/a.csv'), inside('run.json'), inside('trials.jsonl'), '/dev/null', '', `${home}/`];
  for (const exportCsv of refused) assert.throws(() => checkExportFiles({ exportCsv }), UsageError, exportCsv);
  assert.throws(() => checkExportFiles({ exportCsv: inside('a'), exportMarkdown: inside('./a') }), UsageError);
  checkExportFiles({});
});

test('an export that fails when it is written is named in the error', () => {
  assert.throws(
    () => writeExports(syntheticRun({ repeats: 1 }), { exportCsv: inside('gone/a.csv') }),
    /--export-csv: .*gone\/a\.csv: cannot be written \(ENOENT\)/,
  );
});
