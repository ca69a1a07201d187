import assert from 'node:assert/strict';
import { test } from 'node:test';
import { busyMs, idleMsOf } from '../../machine/host/core-time.ts';
import { innerDevice, serverHost } from '../link/link-plan.ts';
import { plainLink } from '../link/path.ts';
import { bandwidthCommand, netemCommand } from '../link/shaping.ts';
import { deviceCounters, protocolCounter } from './interface-counters.ts';
import { NetworkRefused, runTool } from './refusal.ts';
import { coreMask } from './steering.ts';

const devices = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:       1       2    0    0    0     0          0         0        3       4    0    0    0     0       0          0
 inner:     709       6    0    0    0     0          0         0      477       4    0    0    0     0       0          0
`;

test('reads device counters by name', () => {
  assert.deepEqual(deviceCounters(devices, innerDevice), {
    received: { bytes: 709, packets: 6 },
    sent: { bytes: 477, packets: 4 },
  });
  assert.throws(() => deviceCounters(devices, 'inn'), /no network device inn/);
});

test('reads protocol counters by name, whatever their position', () => {
  const text = 'Ip: Forwarding\nIp: 1\nTcp: RtoAlgorithm RetransSegs InErrs\nTcp: 1 7 0\n';
  assert.equal(protocolCounter(text, 'Tcp', 'RetransSegs'), 7);
  assert.throws(() => protocolCounter(text, 'Tcp', 'Missing'), /no counter Tcp Missing/);
});

test('busy time of a core is elapsed time less idle time and our own', () => {
  const text = 'cpu  9 9 9 9 9\ncpu1 0 0 0 5 5\ncpu10 1 2 3 100 20 4 5 6 0 0\n';
  assert.equal(idleMsOf(text, 10), 1_200);
  assert.throws(() => idleMsOf(text, 2), /no core 2/);
  assert.equal(busyMs({ idleMs: 1_000, atMs: 50 }, { idleMs: 1_600, atMs: 1_050 }), 400);
  // Ticks are coarse: idle time may seem to pass faster than time itself.
  assert.equal(busyMs({ idleMs: 0, atMs: 0 }, { idleMs: 110, atMs: 100 }), 0);
  assert.equal(busyMs({ idleMs: 1_000, atMs: 50 }, { idleMs: 1_600, atMs: 1_050 }, 30), 370);
  assert.equal(busyMs({ idleMs: 0, atMs: 0 }, { idleMs: 90, atMs: 100 }, 12), 0);
});

test('core sets are hexadecimal masks, as the kernel reads them', () => {
  assert.deepEqual([coreMask([0]), coreMask([1, 4]), coreMask([32])], ['00000001', '00000012', '00000001,00000000']);
});

test('netem gets half of the round trip per direction, and a rate that keeps packets in order', () => {
  const words = netemCommand('x', { ...plainLink(40), jitterMs: 4, lossShare: 0.01 }).join(' ');
  assert.match(words, / delay 20000us 2000us loss 1% rate 100000000000bit$/);
  assert.doesNotMatch(netemCommand('x', plainLink(40)).join(' '), /loss|rate/);
});

test('a token bucket holds what passes between two ticks of a slow clock', () => {
  assert.match(bandwidthCommand('x', 10e6).join(' '), / rate 10000000bit burst 12500 /);
  assert.match(bandwidthCommand('x', 100e3).join(' '), / burst 3028 /);
});

test('an error names a missing tool with its package, and quotes a refused call', () => {
  assert.throws(
    () => runTool(['sh', '-c', 'echo first >&2; echo no way >&2; exit 3']),
    (error: unknown) => {
      assert.ok(error instanceof NetworkRefused);
      return /^sh -c .*: no way$/.test(error.message);
    },
  );
  assert.throws(() => runTool(['no-such-tool']), /^Error: no-such-tool is missing$/);
});

test('addresses are as long as that of loopback, so headers have the same length', () => {
  assert.equal(serverHost.length, '127.0.0.1'.length);
});
