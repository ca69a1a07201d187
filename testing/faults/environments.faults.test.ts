import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import {
  afterMounts,
  afterScript,
  assertRan,
  assertRefused,
  commandLine,
  type Ended,
  endOf,
  severalEndWithinMs,
  smallRun,
} from './odd-surroundings.ts';

/** The real command where something usual is missing: it works, or one line says what it lacks. */
const home = mkdtempSync(join(tmpdir(), 'environments-'));
after(() => rmSync(home, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;
const skip = !isRoot && 'mounting needs root';
const timeout = severalEndWithinMs;
const alone = { cwd: home };

/** A new path for the results of a run. */
function outOf(name: string): string {
  return join(home, `run-${name}`);
}

function assertLists({ code, stdout, stderr }: Ended): void {
  assert.equal(code, 0, stderr);
  assert.match(stdout, /chat-room/);
  assert.equal(stderr, '');
}

describe('a PATH that holds nothing but node', { timeout }, () => {
  const only = join(home, 'only-node');
  const node = join(only, 'node');
  mkdirSync(only);
  symlinkSync(process.execPath, node);
  const bare = { ...alone, env: { PATH: only } };

  test('a run over loopback works', async () => {
    const out = outOf('path');
    assertRan(await endOf(commandLine(smallRun(out), node), bare), out);
  });

  test('an isolated network is refused in one line', async () => {
    const words = smallRun(outOf('isolated')).map((word) => (word === 'loopback' ? 'isolated' : word));
    assertRefused(await endOf(commandLine(words, node), bare), /unshare/);
  });

  test('doctor names the tools that are missing', async () => {
    const { code, stdout, stderr } = await endOf(commandLine(['doctor'], node), bare);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /taskset is missing/);
    assert.match(stdout, /unshare is missing/);
    assert.equal(stderr, '');
  });
});

test('with one core a run works, and says that there was one', { timeout }, async () => {
  const out = outOf('one-core');
  const ended = await endOf(['taskset', '-c', '0', ...commandLine(smallRun(out))], alone);
  assertRan(ended, out);
  assert.match(ended.stdout.replaceAll(/\s+/g, ' '), /There was one core for the server and its clients/);
});

describe('few files may be open', { timeout }, () => {
  test('too few for the clients of a run', async () => {
    const words = afterScript('ulimit -n 256', commandLine(smallRun(outOf('files'))));
    assertRefused(await endOf(words, alone), /ulimit -n/);
  });

  test('too few for the command itself', async () => {
    const words = afterScript('ulimit -n 30', commandLine(smallRun(outOf('no-files'))));
    assertRefused(await endOf(words, alone), /ulimit -n/);
  });
});

describe('shared memory', { skip, timeout }, () => {
  const mounts = {
    'that is not mounted': 'while umount -l /dev/shm 2>/dev/null; do :; done',
    'that is read-only': 'mount -t tmpfs -o ro none /dev/shm',
  };
  for (const [name, script] of Object.entries(mounts)) {
    test(`${name}: a run works`, async () => {
      const out = outOf(name.replaceAll(' ', '-'));
      assertRan(await endOf(afterMounts(script, commandLine(smallRun(out))), alone), out);
    });
  }
});

describe('a directory for temporary files that cannot be used', { timeout }, () => {
  const readOnly = join(home, 'read-only');
  mkdirSync(readOnly);
  const mounted = `mount --bind "${readOnly}" "${readOnly}"; mount -o remount,ro,bind "${readOnly}"`;
  const directories: Readonly<Record<string, { readonly path: string; readonly mounts?: string }>> = {
    missing: { path: join(home, 'missing') },
    proc: { path: '/proc' },
    'read-only': { path: readOnly, mounts: mounted },
  };

  for (const [name, { path, mounts }] of Object.entries(directories)) {
    const given = { ...alone, env: { TMPDIR: path } };
    const end = (words: readonly string[]) =>
      endOf(mounts === undefined ? commandLine(words) : afterMounts(mounts, commandLine(words)), given);
    const skipped = mounts === undefined ? false : skip;

    test(`${name}: what writes nothing works`, { skip: skipped }, async () => {
      assertLists(await end(['list']));
    });

    test(`${name}: a run is refused`, { skip: skipped }, async () => {
      assertRefused(await end(smallRun(outOf(`tmp-${name}`))), /TMPDIR: .* cannot be used/);
    });
  }
});

test('a working directory that was removed is one line', { timeout }, async () => {
  const gone = join(home, 'gone');
  for (const words of [['list'], smallRun(outOf('no-cwd'))]) {
    const script = `mkdir "${gone}"; cd "${gone}"; rmdir "${gone}"`;
    assertRefused(await endOf(afterScript(script, commandLine(words)), alone), /directory/);
  }
});

test('closed outputs are no error', { timeout }, async () => {
  const { code } = await endOf(afterScript('exec >&- 2>&-', commandLine(['list'])), alone);
  assert.equal(code, 0);
});
