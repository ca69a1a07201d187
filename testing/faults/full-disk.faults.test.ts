import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isRunInvalid } from '../../analysis/validity/validity.ts';
import { exitCodes } from '../../cli/screen/exit-codes.ts';
import { projectRoot } from '../../machine/host/project-root.ts';
import { filesOf } from '../../results/store/files.ts';
import { readRun } from '../../results/store/read-run.ts';
import { shortRun, startCommand } from '../commands/started-command.ts';
import { writeSyntheticRun } from './written-run.ts';

/** Disks that are full or read-only. Each is mounted in a mount namespace of its own, which ends with the command. */
const pvw = join(projectRoot, 'bin/pvw.js');
const home = mkdtempSync(join(tmpdir(), 'full-disk-'));
const disk = join(home, 'disk');
mkdirSync(disk);
after(() => rmSync(home, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;
const skip = !isRoot && 'mounting needs root';
const endsWithinMs = 120_000;

const short =
  'run chat-room --clients 10 --channels 2 --repeats 4 --warmup 0s --duration 1s --transport sse,websocket --network loopback';

/** Runs a script with `disk` mounted. `$PVW` is the command. */
function onDisk(mount: string, script: string, env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync('unshare', ['-m', 'bash', '-c', `${mount} && cd "$DISK" && ${script}`], {
    cwd: home,
    encoding: 'utf8',
    timeout: endsWithinMs,
    env: { ...process.env, DISK: disk, PVW: `${process.execPath} ${pvw}`, ...env },
  });
  return { code: status, stdout, stderr };
}

const disk64k = 'mount -t tmpfs -o size=64k none "$DISK"';

/** The last line that the command itself has written. */
function lastLine(stderr: string): string {
  return stderr.trimEnd().split('\n').at(-1)!;
}

test('output that a full disk cuts off is an error, whatever the verb', { skip }, () => {
  const run = join(home, 'written');
  writeSyntheticRun(run);
  for (const words of [
    `report ${run} --json`,
    'list --json',
    'list schemas',
    `compare ${run} ${run} --json`,
    '--help',
  ]) {
    const filled = 'head -c 60000 /dev/zero > filler; head -c 8000 /dev/zero >> filler';
    const { code, stderr } = onDisk(disk64k, `{ ${filled}; } 2>/dev/null; $PVW ${words} > out.json`);
    assert.equal(code, 2, `${words}: ${code} ${stderr}`);
    assert.equal(lastLine(stderr), 'pvw: standard output: cannot be written (ENOSPC)');
    const device = onDisk('true', `$PVW ${words} > /dev/full`);
    assert.equal(device.code, 2, `${words}: ${device.code} ${device.stderr}`);
    assert.match(lastLine(device.stderr), /^pvw: standard output: cannot be written \(ENOSPC\)/);
  }
});

test('a disk that is full at the start of a run is one line', { skip, timeout: endsWithinMs }, () => {
  const fill = 'head -c 100000 /dev/zero > filler 2>/dev/null';
  const { code, stderr } = onDisk(disk64k, `{ ${fill}; } ; $PVW ${short} --out run`);
  assert.equal(code, 2, stderr);
  assert.match(lastLine(stderr), /^pvw: .*run.*(cannot be written|cannot be made) \(ENOSPC\)/);
});

test('a disk that fills in mid-run keeps the trials that had finished, and says so', {
  skip,
  timeout: endsWithinMs,
}, () => {
  const disk48k = 'mount -t tmpfs -o size=48k none "$DISK"';
  const { code, stdout, stderr } = onDisk(
    disk48k,
    `$PVW ${short} --out run; echo "code $?" >&2; $PVW report run --json --out "${home}/page.html"`,
  );
  assert.match(
    stderr,
    /pvw: run\/trials\.jsonl: cannot be written \(ENOSPC\); what had finished is kept: pvw report run\ncode 2\n/,
  );
  assert.equal(code, 0, stderr);
  const { record, trials } = JSON.parse(stdout);
  assert.equal(record.status, 'interrupted');
  assert.ok(trials.length >= 1 && trials.length < 8, `${trials.length} trials`);
});

test('a run that cannot be written to is printed all the same', { skip, timeout: endsWithinMs }, () => {
  const run = join(home, 'read-only');
  writeSyntheticRun(run);
  const readOnly = `mount --bind "${home}" "$DISK" && mount -o remount,ro,bind "$DISK"`;
  const { code, stdout, stderr } = onDisk(readOnly, '$PVW report read-only');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /WebSocket/);
  assert.equal(stderr, 'pvw: read-only/report.html: cannot be written (EROFS); --out FILE writes it elsewhere\n');
  const elsewhere = onDisk(readOnly, `$PVW report read-only --out /tmp/pvw-page-${process.pid}.html`);
  assert.equal(elsewhere.code, 0, elsewhere.stderr);
  assert.match(elsewhere.stdout, /Report: file:\/\/\/tmp\/pvw-page/);
  rmSync(`/tmp/pvw-page-${process.pid}.html`);
  assert.equal(onDisk(readOnly, '$PVW report read-only --out no/page.html').code, 2);
});

const readOnlyDisk = 'mount --bind "$DISK" "$DISK" && mount -o remount,ro,bind "$DISK"';

test('a directory for temporary files that cannot be used is one line', { skip, timeout: endsWithinMs }, () => {
  const cases = [
    { name: 'missing', mount: 'true', path: join(home, 'missing'), why: /missing cannot be used \(ENOENT\)/ },
    { name: 'full', mount: disk64k, path: disk, why: /disk cannot be used \((ENOSPC|.*no space left on device.*)\)/i },
    { name: 'read-only', mount: readOnlyDisk, path: disk, why: /disk cannot be used \(EROFS\)/ },
  ];
  for (const { name, mount, path, why } of cases) {
    const { code, stderr } = onDisk(mount, `$PVW ${short} --out "${home}/tmp-${name}"`, { TMPDIR: path });
    assert.equal(code, 2, `${name}: ${stderr}`);
    assert.match(lastLine(stderr), /^pvw: TMPDIR: .*; set TMPDIR to a directory that can be written$/);
    assert.match(lastLine(stderr), why);
  }
});

test('results that cannot be written to a read-only disk are one line', { skip, timeout: endsWithinMs }, () => {
  for (const out of ['.', 'new', 'new/deep']) {
    assertOneLine(onDisk(readOnlyDisk, `$PVW ${short} --out ${out}`), /--out: .*cannot be (written|made) \(EROFS\)/);
  }
});

test('a directory that is immutable is one line', { skip, timeout: endsWithinMs }, (t) => {
  const empty = join(home, 'immutable');
  const written = join(home, 'immutable-run');
  mkdirSync(empty);
  writeSyntheticRun(written);
  try {
    if (onDisk('true', `chattr +i "${empty}" "${written}"`).code !== 0) {
      t.skip('chattr is refused');
      return;
    }
    for (const out of [empty, join(empty, 'new')]) {
      assertOneLine(onDisk('true', `$PVW ${short} --out "${out}"`), /immutable.*cannot be (written|made) \(EPERM\)/);
    }
    const { code, stdout, stderr } = onDisk('true', `$PVW report "${written}"`);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /WebSocket/);
    assert.match(stderr, /^pvw: .*report\.html: cannot be written \(EPERM\); --out FILE writes it elsewhere\n$/);
  } finally {
    onDisk('true', `chattr -i "${empty}" "${written}"`);
  }
});

test('a page whose place is taken by a directory is one line, and the results are printed', {
  timeout: endsWithinMs,
}, () => {
  const run = join(home, 'taken');
  const page = join(run, 'report.html');
  writeSyntheticRun(run);
  mkdirSync(page);
  const before = readdirSync(run);
  const { code, stdout, stderr } = here('report', run);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /WebSocket/);
  assert.match(stderr, /^pvw: .*report\.html: cannot be written \(EISDIR\); --out FILE writes it elsewhere\n$/);
  assertOneLine(here('report', run, '--out', page), /report\.html.*(EISDIR|directory)/);
  assert.deepEqual(readdirSync(run), before);
});

test('a run whose page cannot be written at the end prints its results, and ends with 2', {
  timeout: endsWithinMs,
}, async () => {
  const run = join(home, 'no-page');
  const words = [...shortRun, '--duration', '1s', '--transport', 'sse', '--network', 'loopback'];
  const command = startCommand(home, [...words, '--out', run]);
  await command.until(() => existsSync(filesOf(run).run));
  mkdirSync(join(run, 'report.html'));
  const code = await command.ended;
  const stderr = command.stderr();
  // A busy machine may make the run invalid, which comes first.
  assert.equal(code, isRunInvalid(readRun(run)) ? exitCodes.invalid : exitCodes.usage, stderr);
  assert.match(command.stdout(), /SSE/);
  const [line, ...more] = stderr.split('\n').filter((line) => line.startsWith('pvw: '));
  assert.match(line ?? stderr, /report\.html: cannot be written \(EISDIR\); pvw report .* writes it again$/);
  assert.deepEqual(more, []);
});

/** Runs the command where nothing is mounted. */
function here(...words: readonly string[]) {
  const limits = { encoding: 'utf8', timeout: endsWithinMs } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [pvw, ...words], { cwd: home, ...limits });
  return { code: status, stdout, stderr };
}

type Ended = { readonly code: number | null; readonly stderr: string };

/** Asserts that the command says nothing but one line, and ends with 2. */
function assertOneLine({ code, stderr }: Ended, why: RegExp): void {
  assert.equal(code, 2, stderr);
  assert.match(stderr, /^pvw: [^\n]*\n$/);
  assert.match(stderr, why);
}
