import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after, test } from 'node:test';
import { projectRoot } from '../../machine/host/project-root.ts';

/**
 * Checks that what `npm pack` ships works on its own. The tarball is unpacked where npm would put it, beside the
 * packages that the lock file lists for users, without development tools. (`npm install` would query the registry.)
 */
const home = mkdtempSync(join(tmpdir(), 'pvw-pack-'));
after(() => rmSync(home, { recursive: true }));

const { name, version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
const installed = join(home, 'node_modules', name);

function npm(...args: readonly string[]): string {
  return execFileSync('npm', args, { cwd: projectRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** Runs the shipped command and returns its stdout. `codes`: exit codes that are accepted. */
function pvw(args: string, codes: readonly number[] = [0]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(installed, 'bin/pvw.js'), ...args.split(' ')], {
    cwd: home,
    encoding: 'utf8',
  });
  assert.ok(codes.includes(status ?? -1), `pvw ${args}: ${status}, ${stderr}`);
  return stdout;
}

function unpack(): readonly string[] {
  const [{ filename, files }] = JSON.parse(npm('pack', '--json', '--ignore-scripts', '--pack-destination', home));
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(home, filename), '-C', installed, '--strip-components=1']);
  return files.map(({ path }: { readonly path: string }) => path);
}

function linkDependencies(): void {
  const modules = join(projectRoot, 'node_modules');
  const paths = npm('ls', '--omit=dev', '--all', '--parseable').trim().split('\n').slice(1);
  // A nested package comes with the package that contains it.
  for (const path of paths.map((each) => relative(modules, each)).filter((each) => !each.includes('node_modules'))) {
    mkdirSync(dirname(join(home, 'node_modules', path)), { recursive: true });
    symlinkSync(join(modules, path), join(home, 'node_modules', path));
  }
}

const shipped = unpack();
linkDependencies();

test('the package contains no tests and no files that only testing, evidence or teaching use', () => {
  const ours =
    /\.test\.|(^|\/)synthetic|^(testing|checks|oracles|evidence|teaching|\.ci)\/|^results\/[^/]*\/.*\.jsonl$/;
  assert.deepEqual(
    shipped.filter((path) => ours.test(path)),
    [],
  );
});

test('the package contains the data that sources import', () => {
  for (const path of ['network/route/browser-headers.json', 'analysis/model/prices/aws.json']) {
    assert.ok(shipped.includes(path), path);
  }
});

test('the shipped command lists, runs and reports', () => {
  assert.equal(pvw('--version').trim().split(/\s+/).at(-1), version);
  assert.match(pvw('list'), /chat-room/);
  const options = '--transport websocket --clients 4 --channels 2 --rtt 0 --repeats 1 --warmup 0 --duration 1s';
  // Exit code 4: it ran, but the machine was too busy for valid figures.
  pvw(`run chat-room ${options} --network loopback --out smoke`, [0, 4]);
  assert.ok(readdirSync(join(home, 'smoke')).includes('report.html'));
  assert.match(pvw('report smoke'), /WebSocket/);
});
