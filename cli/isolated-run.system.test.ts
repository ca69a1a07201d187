import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { choosePinning } from '../bench/local/pinning.ts';
import { assertCounted, ended, oneTrial, pvw, temporaryHome, trialIn } from '../testing/commands/isolated-command.ts';

/**
 * `pvw run` in the isolated network: as root, as a user without privileges, and where the system refuses namespaces.
 * killed-run.system.test.ts checks what a killed run leaves behind.
 */
const home = temporaryHome('pvw-isolated-');
after(() => rmSync(home, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;
const command = [process.execPath, pvw, ...oneTrial];
const isolated = [...command, '--network', 'isolated'];

/** Runs `words` in a user namespace, which has its own limits: it may create no further user or network namespace. */
const lockedDown = (words: readonly string[]) => [
  ...['unshare', '--user', '--map-root-user', 'sh', '-ec'],
  'cd /proc/sys/user; echo 0 > max_user_namespaces; echo 0 > max_net_namespaces; cd "$1"; shift; exec "$@"',
  ...['sh', home, ...words],
];

describe('the isolated network on the command line', { concurrency: 2 }, () => {
  test('as root, packets are counted, and host CPU is measured if the server has a core of its own', {
    skip: !isRoot && 'not root',
  }, async () => {
    const record = trialIn(await ended(home, [...isolated, '--out', 'root']));
    assertCounted(record);
    assert.equal(record.hostCpuWindowMs === null, !choosePinning().pinned);
  });

  test('as a user without privileges, packets are counted, and host CPU is not available', async () => {
    const nobody = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
    const record = trialIn(await ended(home, [...nobody, ...isolated, '--out', 'nobody']));
    assertCounted(record);
    assert.equal(record.hostCpuWindowMs, null);
    assert.match(record.path.caveats.join(' '), /Host CPU of the server: not available/);
  });

  test('without namespaces, --network isolated ends with 2 and one line, and writes nothing', async () => {
    const { code, stderr } = await ended(home, lockedDown([...isolated, '--out', 'refused']));
    assert.equal(code, 2, stderr);
    assert.match(
      stderr,
      /^pvw: --network: isolated cannot be had \(a network namespace \(unshare\) was refused: .+\); loopback works.*\n$/,
    );
    assert.ok(!existsSync(join(home, 'refused')));
  });

  test('without namespaces, auto takes loopback, says why and counts no packets; --loss is refused', async () => {
    const run = await ended(home, lockedDown([...command, '--out', 'fallen-back']));
    const { path, bytes } = trialIn(run);
    assert.deepEqual([path.network, path.delay, bytes.packets], ['loopback', 'tcp-relay', null]);
    assert.match(run.stderr, /No isolated network \(.*refused.*\): loopback/);
    const lossy = await ended(home, lockedDown([...command, '--loss', '1%', '--out', 'lossy']));
    assert.equal(lossy.code, 2);
    assert.match(lossy.stderr, /^pvw: --loss: needs the isolated network \(.*\n$/);
  });

  test('with --loss every update arrives, and lost packets and retransmitted segments are counted', async () => {
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
