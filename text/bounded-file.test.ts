import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readBounded, UnreadableFile } from './bounded-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'bounded-'));
after(() => rmSync(directory, { recursive: true }));

const bounds = { mostBytes: 1_000_000 };

function refusal(path: string, mostBytes = bounds.mostBytes): string {
  try {
    readBounded(path, { mostBytes });
  } catch (error) {
    assert.ok(error instanceof UnreadableFile, `${error}`);
    return error.message;
  }
  return assert.fail(`${path} was read`);
}

test('reads a file whole, up to the limit', () => {
  const path = join(directory, 'file');
  const content = Buffer.alloc(200_000, 'abc');
  writeFileSync(path, content);
  assert.deepEqual(readBounded(path, { mostBytes: 200_000 }), content);
  assert.equal(refusal(path, 196 * 1024 - 1024), 'is larger than 195 KiB');
  writeFileSync(path, '');
  assert.equal(readBounded(path, bounds).length, 0);
});

test('refuses at once what may have no end or never begin', { timeout: 10_000 }, () => {
  const pipe = join(directory, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const link = join(directory, 'link');
  symlinkSync('/dev/zero', link);
  assert.equal(refusal(pipe), 'is a named pipe');
  assert.equal(refusal('/dev/zero'), 'is a device');
  assert.equal(refusal(link), 'is a device');
  assert.equal(refusal(directory), 'is a directory');
  assert.equal(refusal(join(directory, 'none')), 'ENOENT');
});

test('reads a pipe that the shell opened, where pipes may be read', () => {
  const script = `
    import { readBounded } from ${JSON.stringify(join(import.meta.dirname, 'bounded-file.ts'))};
    console.log(String(readBounded(process.argv[1], { mostBytes: 100, pipes: process.argv[2] === 'pipes' })));`;
  const run = (kind: string) =>
    spawnSync(
      'bash',
      [
        '-c',
        `"$0" --import tsx --input-type=module -e "$1" <(sleep 0.3; echo 1 2 3) ${kind}`,
        process.execPath,
        script,
      ],
      {
        encoding: 'utf8',
        cwd: import.meta.dirname,
      },
    );
  assert.equal(run('pipes').stdout, '1 2 3\n\n');
  assert.match(run('none').stderr, /is a named pipe/);
});
