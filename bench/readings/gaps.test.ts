import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Gap } from '../../machine/process/self-tick.ts';
import type { LateUpdates } from '../../protocol/late-updates.ts';
import { crewOf, standIn } from '../../testing/by-hand/stand-in.ts';
import { readGaps, readLateUpdates } from './gaps.ts';

const gap = (fromUs: number): readonly Gap[] => [{ fromUs, toUs: fromUs + 10 }];
const late = (channel: number): LateUpdates => ({ channel: [channel], intendedUs: [5], lateUs: [2_000] });

// Servers, proxy and backplane have no answers: to ask one of them would reject.
const serving = {
  servers: [standIn('server', 'server')],
  backplane: standIn('backplane', 'backplane'),
  proxy: standIn('proxy', 'nginx'),
};
const loads = [1, 2].map((n) => standIn('load', `load-${n}`, { gaps: gap(n), lateUpdates: late(n) }));
const crew = crewOf({
  ...serving,
  loads,
  relays: [standIn('relay', 'relay-1', { gaps: gap(3) })],
  packetRelay: standIn('relay', 'relay-2', { gaps: gap(4) }),
  source: standIn('source', 'source', { gaps: gap(5), lateUpdates: late(5) }),
});

test('gaps are those of loads, both kinds of relay and the source', async () => {
  assert.deepEqual(await readGaps(crew), [
    { name: 'load-1', gaps: gap(1), isPassed: true },
    { name: 'load-2', gaps: gap(2), isPassed: true },
    { name: 'relay-1', gaps: gap(3), isPassed: true },
    { name: 'relay-2', gaps: gap(4), isPassed: true },
    { name: 'source', gaps: gap(5), isPassed: false },
  ]);
});

test('what left late is known to loads and source', async () => {
  assert.deepEqual(await readLateUpdates(crew), [late(1), late(2), late(5)]);
});

test('a trial may have neither relay nor source', async () => {
  const alone = crewOf({ ...serving, loads: [loads[0]!] });
  assert.deepEqual(await readGaps(alone), [{ name: 'load-1', gaps: gap(1), isPassed: true }]);
  assert.deepEqual(await readLateUpdates(alone), [late(1)]);
});
