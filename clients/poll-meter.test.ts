import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPollMeter, type PollReading } from './poll-meter.ts';

const nothing: PollReading = {
  sockets: { readBytes: 0, writtenBytes: 0, plainReadBytes: 0, plainWrittenBytes: 0 },
  updateBytes: 0,
  sharing: undefined,
};

/** A meter over sockets that carry what the test says; TLS adds 22 bytes to each direction of a poll. */
function meterOver(first: PollReading) {
  let now = first;
  const meter = createPollMeter(() => now);
  return {
    ...meter,
    carry: (up: number, down: number, updateBytes = 0) => {
      const { readBytes, writtenBytes, plainReadBytes, plainWrittenBytes } = now.sockets;
      now = {
        ...now,
        sockets: {
          readBytes: readBytes + down + 22,
          writtenBytes: writtenBytes + up + 22,
          plainReadBytes: plainReadBytes + down,
          plainWrittenBytes: plainWrittenBytes + up,
        },
        updateBytes: now.updateBytes + updateBytes,
      };
    },
    publish: (begun: number, underWay: boolean) => {
      now = { ...now, sharing: { begun, underWay } };
    },
  };
}

const framing = (up: number, down: number) => ({
  readBytes: down + 22,
  writtenBytes: up + 22,
  plainReadBytes: down,
  plainWrittenBytes: up,
});

test('a poll costs what the sockets carried meanwhile, less the updates', () => {
  const { begin, carry, end } = meterOver(nothing);
  carry(500, 500);
  begin(true);
  carry(100, 300, 250);
  assert.deepEqual(end(200), { framing: framing(100, 50), updateBytes: 250 });
});

test('beside a publish, a poll counts as the last undisturbed poll with the same status', () => {
  const { begin, carry, end, publish } = meterOver({ ...nothing, sharing: { begun: 0, underWay: false } });
  const ask = (status: number, up: number, down: number, updateBytes = 0) => {
    begin(true);
    carry(up, down, updateBytes);
    return end(status);
  };
  ask(204, 40, 20);
  ask(200, 41, 130, 100);
  for (const [begun, underWay] of [
    [1, true],
    [2, false],
  ] as const) {
    begin(true);
    publish(begun, underWay);
    carry(400, 90);
    assert.deepEqual(end(204), { framing: framing(40, 20), updateBytes: 0 }, `begun ${begun}, under way ${underWay}`);
  }
  publish(3, true);
  begin(true);
  carry(41, 230, 100);
  publish(3, false);
  assert.deepEqual(end(200), { framing: framing(41, 30), updateBytes: 100 }, 'a publish was already in progress');
  assert.deepEqual(ask(204, 42, 21).framing, framing(42, 21), 'undisturbed again');
});

test('without an undisturbed poll of the same status there is no figure; a poll that had to connect is no reference', () => {
  const { begin, carry, end, publish } = meterOver({ ...nothing, sharing: { begun: 0, underWay: false } });
  begin(false);
  carry(900, 2_000);
  assert.deepEqual(end(200).framing, framing(900, 2_000));
  begin(true);
  publish(1, true);
  carry(400, 190, 100);
  assert.deepEqual(end(200), { framing: undefined, updateBytes: 100 });
});

test('publishes on their own connection do not matter', () => {
  const { begin, carry, end } = meterOver(nothing);
  begin(true);
  carry(40, 20);
  assert.deepEqual(end(204).framing, framing(40, 20));
});
