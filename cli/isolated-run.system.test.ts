import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { choosePinning } from '../bench/local/pinning.ts';
import { assertCounted, ended, oneTrial, pvw, trialIn } from '../testing/commands/isolated-command.ts';

/** The command in the isolated network: who may and who may not. What is left behind is in isolated-run.timed.test.ts. */
const home = mkdtempSync(join(tmpdir(), 'pvw-isolated-'));
chmodSync(home, 0o777);
after(() => rmSync(home, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;
const command = [process.execPath, pvw, ...oneTrial];
const isolated = [...command, '--network', 'isolated'];

/** Inside, no further namespaces may be made: the limits of a user namespace are its own. */
const lockedDown = (words: readonly string[]) => [
  ...['unshare', '--user', '--map-root-user', 'sh', '-ec'],
  'cd /proc/sys/user; echo 0 > max_user_namespaces; echo 0 > max_net_namespaces; cd "$1"; shift; exec "$@"',
  ...['sh', home, ...words],
];

describe('the isolated network on the command line', { concurrency: 2 }, () => {
  test('root runs a trial, with host CPU where there is a core for the server', {
    skip: !isRoot && 'not root',
  }, async () => {
    const record = trialIn(await ended(home, [...isolated, '--out', 'root']));
    assertCounted(record);
    assert.equal(record.hostCpuWindowMs === null, !choosePinning().pinned);
  });

  test('a user without privileges runs a trial with exact packets; host CPU is not attributable', async () => {
    const nobody = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
    const record = trialIn(await ended(home, [...nobody, ...isolated, '--out', 'nobody']));
    assertCounted(record);
    assert.equal(record.hostCpuWindowMs, null);
    assert.match(record.path.caveats.join(' '), /Host CPU of the server: not available/);
  });

  test('where namespaces are refused, that is one line, and nothing is written', async () => {
    const { code, stderr } = await ended(home, lockedDown([...isolated, '--out', 'refused']));
    assert.equal(code, 2, stderr);
    assert.match(
      stderr,
      /^pvw: --network: isolated cannot be had \(a network namespace \(unshare\) was refused: .+\); loopback works.*\n$/,
    );
    assert.ok(!existsSync(join(home, 'refused')));
  });

  test('where namespaces are refused, auto takes loopback, says why, and loses only the packet layer', async () => {
    const run = await ended(home, lockedDown([...command, '--out', 'fallen-back']));
    const { path, bytes } = trialIn(run);
    assert.deepEqual([path.network, path.delay, bytes.packets], ['loopback', 'tcp-relay', null]);
    assert.match(run.stderr, /No isolated network \(.*refused.*\): loopback/);
    const lossy = await ended(home, lockedDown([...command, '--loss', '1%', '--out', 'lossy']));
    assert.equal(lossy.code, 2);
    assert.match(lossy.stderr, /^pvw: --loss: needs the isolated network \(.*\n$/);
  });

  test('a path that loses packets on purpose delivers everything, and says what went twice', async () => {
    const impaired = ['--loss', '5%', '--jitter', '2ms', '--bandwidth', '10mbit', '--duration', '4s'];
    const record = trialIn(await ended(home, [...isolated, ...impaired, '--out', 'lossy-path']));
    assert.deepEqual([record.path.lossShare, record.path.jitterMs], [0.05, 2]);
    assert.equal(record.path.bandwidthBitsPerSecond, 10e6);
    const { down, up } = record.bytes.packets!.window;
    assert.ok(down.lostPackets + up.lostPackets > 0);
    assert.ok(down.retransmittedSegments + up.retransmittedSegments > 0);
    assert.deepEqual(record.ledger.faults, []);
  });
});
