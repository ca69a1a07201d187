import assert from 'node:assert/strict';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { renderCsv } from '../../report/export/csv.ts';
import { renderMarkdown } from '../../report/export/markdown.ts';
import { openCommand } from '../../testing/commands/asked-command.ts';
import { writeSyntheticRun } from '../../testing/faults/written-run.ts';
import { syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { UsageError } from '../../text/usage-error.ts';
import { writeExports } from '../files/write-exports.ts';
import { checkExportFiles, checkPageFile } from './export-files.ts';

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

test('a link that leads nowhere or in a circle is refused and stays, before a run and at its end', () => {
  symlinkSync('nothing.csv', inside('dangling.csv'));
  symlinkSync('loop.csv', inside('loop.csv'));
  for (const [name, code] of [
    ['dangling.csv', 'ENOENT'],
    ['loop.csv', 'ELOOP'],
  ] as const) {
    const exportCsv = inside(name);
    const refusal = new RegExp(`${name}.* cannot be written \\(${code}\\)`);
    assert.throws(() => checkExportFiles({ exportCsv }), refusal);
    assert.throws(() => checkPageFile(exportCsv, {}), refusal);
    assert.throws(() => writeExports(syntheticRun({ repeats: 1 }), { exportCsv }), refusal);
    assert.ok(lstatSync(exportCsv).isSymbolicLink());
  }
});

test('a link to a file of a run is refused, and so is one file for two options behind links', () => {
  mkdirSync(inside('run'));
  writeFileSync(inside('run/trials.jsonl'), 'measured');
  symlinkSync('run/trials.jsonl', inside('to-trials.csv'));
  symlinkSync('run', inside('to-run'));
  const exportCsv = inside('to-trials.csv');
  assert.throws(() => checkExportFiles({ exportCsv }), /is the name of a file of a run/);
  assert.throws(
    () => checkExportFiles({ exportCsv: inside('run/a'), exportMarkdown: inside('to-run/a') }),
    /--export-markdown: .* is the file of --export-csv too; give another file$/,
  );
  const page = inside('to-run/a');
  assert.throws(() => checkPageFile(page, { exportCsv: inside('run/a') }), /--out: .* is the file of --export-csv too/);
  assert.throws(() => checkPageFile(page, { exportMarkdown: page }), /--out: .* is the file of --export-markdown too/);
  checkPageFile(page, { exportCsv: inside('run/b') });
});

test('report writes its page to the file behind a link, and names what it refuses in one line', async (t) => {
  const work = inside('work');
  writeSyntheticRun(join(work, 'run'));
  writeFileSync(join(work, 'page.html'), 'old');
  symlinkSync('page.html', join(work, 'link.html'));
  symlinkSync('loop.html', join(work, 'loop.html'));
  writeFileSync(join(work, 'results'), '');
  const { ask, stop } = openCommand(work);
  t.after(stop);
  const written = await ask('report', 'run', '--out', 'link.html', '--json');
  assert.equal(written.code, 0);
  assert.match(written.stderr, /^Report: file:.*\/link\.html\n$/);
  assert.ok(lstatSync(join(work, 'link.html')).isSymbolicLink());
  assert.match(readFileSync(join(work, 'page.html'), 'utf8'), /^<!doctype html>/);
  const refused = async (words: string, line: RegExp) => {
    const { code, stderr } = await ask(...words.split(' '));
    assert.deepEqual([code, stderr.split('\n').length], [2, 2], stderr);
    assert.match(stderr, line);
  };
  await refused('report run --out loop.html', /^pvw: --out: "loop\.html" cannot be written \(ELOOP\); give a file in/);
  await refused(
    'report run --out a --export-csv ./a',
    /^pvw: --out: "a" is the file of --export-csv too; give another/,
  );
  await refused('report', /^pvw: run: results: cannot be read \(ENOTDIR\); give the directory of a run$/m);
  symlinkSync('loop', join(work, 'loop'));
  await refused('report loop', /^pvw: loop\/run\.json: cannot be read \(ELOOP\)$/m);
});
