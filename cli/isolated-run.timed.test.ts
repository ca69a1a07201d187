import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { choosePinning } from '../bench/pinning.ts';
import type { CompletedTrial, Run } from '../results/schema.ts';

/** The command in the isolated network: who may, who may not, and what is left behind. */
const pvw = resolve(import.meta.dirname, '../bin/pvw.js');
const home = mkdtempSync(join(tmpdir(), 'pvw-isolated-'));
chmodSync(home, 0o777);
after(() => rmSync(home, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;
const small = ['run', 'chat-room', '--clients', '4', '--channels', '2', '--repeats', '1', '--warmup', '0'];
const trial = [...small, '--transport', 'websocket', '--duration', '500ms', '--rate', '10', '--rtt', '4ms', '--json'];

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs a command to its end; `TMPDIR` is where its own temporary directories go. */
function ended(words: readonly string[], temporary = home): Promise<Ended> {
  const [command, ...given] = words;
  const env = { ...process.env, TMPDIR: temporary };
  return new Promise((settle) => {
    execFile(command!, given, { cwd: home, env, timeout: 60_000 }, (error, stdout, stderr) => {
      settle({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

function trialIn({ code, stdout, stderr }: Ended): CompletedTrial {
  // A busy machine may make the trial invalid, which has nothing to do with where it ran.
  assert.ok(code === 0 || code === 4, `${code}: ${stderr}`);
  const [record] = (JSON.parse(stdout) as Run).trials;
  assert.ok(record?.status === 'completed', stdout);
  return record;
}

function assertCounted({ path, bytes: { packets } }: CompletedTrial): void {
  assert.equal(path.network, 'isolated');
  assert.ok(path.delay === 'netem' || path.delay === 'vxlan-relay', path.delay);
  const { down, up } = packets!.window;
  for (const direction of [down, up]) {
    assert.ok(direction.packets > 0);
    if (down.retransmittedSegments + up.retransmittedSegments === 0) {
      assert.equal(direction.headerBytes, direction.computedHeaderBytes);
    }
  }
}

test('root runs a trial, with host CPU where there is a core for the server', {
  skip: !isRoot && 'not root',
}, async () => {
  const record = trialIn(await ended([process.execPath, pvw, ...trial, '--network', 'isolated', '--out', 'root']));
  assertCounted(record);
  assert.equal(record.hostCpuWindowMs === null, !choosePinning().pinned);
});

test('a user without privileges runs a trial with exact packets; host CPU is not attributable', async () => {
  const nobody = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
  const command = [...nobody, process.execPath, pvw, ...trial, '--network', 'isolated', '--out', 'nobody'];
  const record = trialIn(await ended(command));
  assertCounted(record);
  assert.equal(record.hostCpuWindowMs, null);
  assert.match(record.path.caveats.join(' '), /Host CPU of the server: not available/);
});

/** Inside, no further namespaces may be made: the limits of a user namespace are its own. */
const lockedDown = (words: readonly string[]) => [
  ...['unshare', '--user', '--map-root-user', 'sh', '-ec'],
  'cd /proc/sys/user; echo 0 > max_user_namespaces; echo 0 > max_net_namespaces; cd "$1"; shift; exec "$@"',
  ...['sh', home, process.execPath, pvw, ...words],
];

test('where namespaces are refused, that is one line, and nothing is written', async () => {
  const { code, stderr } = await ended(lockedDown([...trial, '--network', 'isolated', '--out', 'refused']));
  assert.equal(code, 2, stderr);
  assert.match(
    stderr,
    /^pvw: --network: isolated cannot be had \(a network namespace \(unshare\) was refused: .+\); loopback works.*\n$/,
  );
  assert.ok(!existsSync(join(home, 'refused')));
});

test('where namespaces are refused, auto takes loopback, says why, and loses only the packet layer', async () => {
  const run = await ended(lockedDown([...trial, '--out', 'fallen-back']));
  const { path, bytes } = trialIn(run);
  assert.deepEqual([path.network, path.delay, bytes.packets], ['loopback', 'tcp-relay', null]);
  assert.match(run.stderr, /No isolated network \(.*refused.*\): loopback/);
  const lossy = await ended(lockedDown([...trial, '--loss', '1%', '--out', 'lossy']));
  assert.equal(lossy.code, 2);
  assert.match(lossy.stderr, /^pvw: --loss: needs the isolated network \(.*\n$/);
});

test('a path that loses packets on purpose delivers everything, and says what went twice', async () => {
  const command = [...trial, '--network', 'isolated', '--loss', '5%', '--jitter', '2ms', '--bandwidth', '10mbit'];
  const record = trialIn(await ended([process.execPath, pvw, ...command, '--duration', '4s', '--out', 'lossy-path']));
  assert.deepEqual([record.path.lossShare, record.path.jitterMs], [0.05, 2]);
  assert.equal(record.path.bandwidthBitsPerSecond, 10e6);
  const { down, up } = record.bytes.packets!.window;
  assert.ok(down.lostPackets + up.lostPackets > 0);
  assert.ok(down.retransmittedSegments + up.retransmittedSegments > 0);
  assert.deepEqual(record.ledger.faults, []);
});

const kills = 20;
/** Moments of a run: it is loading, it builds its network, it starts processes, it measures. */
const earliestMs = 500;
const latestMs = 3_000;
const goneWithinMs = 6_000;

test(`${kills} runs killed with -9 at random moments leave nothing once the next has started`, async (t) => {
  const mark = `PVW_KILLED_${process.pid}`;
  const generator = xoroshiro128plus(20);
  const before = interfaces();
  const owners: number[] = [];
  let reached = 0;
  const kill = async (i: number) => {
    const words = [pvw, ...trial, '--network', 'isolated', '--duration', '5s', '--out', `killed-${i}`];
    const env = { ...process.env, TMPDIR: home, [mark]: '1' };
    const child = spawn(process.execPath, words, { cwd: home, env, stdio: 'ignore' });
    owners.push(child.pid!);
    await sleep(uniformInt(generator, earliestMs, latestMs));
    if (namespacesOf(mark).size > 0) reached++;
    child.kill('SIGKILL');
  };
  // Two at a time, which are strangers to each other too.
  for (let i = 0; i < kills; i += 2) await Promise.all([kill(i), kill(i + 1)]);
  const next = await ended([process.execPath, pvw, ...trial, '--network', 'isolated', '--out', 'next']);
  assertCounted(trialIn(next));
  await until(() => processesWith(mark).length === 0);
  assert.equal(namespacesOf(mark).size, 0);
  assert.deepEqual(interfaces(), before);
  const left = readdirSync(home).filter((name) => owners.some((pid) => name.startsWith(`pvw-${pid}-`)));
  assert.deepEqual(left, []);
  t.diagnostic(`${reached} of ${kills} had namespaces when they were killed`);
  assert.ok(reached >= kills / 4, `only ${reached} had got far enough`);
});

/** Devices of this namespace that an isolated network might have left: by name, since others come and go. */
function interfaces(): readonly string[] {
  return readdirSync('/sys/class/net').filter((name) => /^(inner|outer|to-server|to-client|probe)$/.test(name));
}

/** Whatever was started from a marked process inherits its environment. */
function processesWith(mark: string): readonly string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && readProc(name, 'environ').includes(`${mark}=1`));
}

/** Network namespaces other than ours that marked processes are in: they are what keeps them. */
function namespacesOf(mark: string): ReadonlySet<string> {
  const ours = linkOf('self');
  return new Set(
    processesWith(mark)
      .map(linkOf)
      .filter((link) => link !== '' && link !== ours),
  );
}

function linkOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return '';
  }
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

async function until(holds: () => boolean): Promise<void> {
  const startedMs = performance.now();
  while (!holds()) {
    if (performance.now() - startedMs > goneWithinMs) assert.fail(`not within ${goneWithinMs} ms: ${holds}`);
    await sleep(50);
  }
}
