import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after, test } from 'node:test';
import { projectRoot } from '../../machine/host/project-root.ts';

/**
 * What `npm pack` ships runs by itself. The tarball is unpacked where npm would put it, beside the packages that the lock
 * file has for a user and no development tools. (`npm install` would have to ask the registry for their descriptions.)
 */
const home = mkdtempSync(join(tmpdir(), 'pvw-pack-'));
after(() => rmSync(home, { recursive: true }));

const { name, version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
const installed = join(home, 'node_modules', name);

function npm(...args: readonly string[]): string {
  return execFileSync('npm', args, { cwd: projectRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** Runs the shipped command. Returns what it prints. */
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
  // A package inside another comes with the one around it.
  for (const path of paths.map((each) => relative(modules, each)).filter((each) => !each.includes('node_modules'))) {
    mkdirSync(dirname(join(home, 'node_modules', path)), { recursive: true });
    symlinkSync(join(modules, path), join(home, 'node_modules', path));
  }
}

const shipped = unpack();
linkDependencies();

test('no test, and nothing that only tests and evidence use, is shipped', () => {
  const ours =
    /\.test\.|(^|\/)synthetic|^(testing|checks|oracles|evidence|teaching|\.ci)\/|^results\/[^/]*\/.*\.jsonl$/;
  assert.deepEqual(
    shipped.filter((path) => ours.test(path)),
    [],
  );
});

test('the shipped command lists, runs and reports', () => {
  assert.equal(pvw('--version').trim().split(/\s+/).at(-1), version);
  assert.match(pvw('list'), /chat-room/);
  const options = '--transport websocket --clients 4 --channels 2 --rtt 0 --repeats 1 --warmup 0 --duration 1s';
  // 4: it ran, and the machine was too busy for its figures to be believed.
  pvw(`run chat-room ${options} --network loopback --out smoke`, [0, 4]);
  assert.ok(readdirSync(join(home, 'smoke')).includes('report.html'));
  assert.match(pvw('report smoke'), /WebSocket/);
});
