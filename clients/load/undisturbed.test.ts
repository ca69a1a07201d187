import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mergeRecorded } from '../../machine/process/recorder.ts';
import { emptyUpdates } from '../../protocol/accepted-updates.ts';
import { Receipts } from '../subscriber/receipts.ts';
import type { Delivery } from './settlement.ts';
import { isDisturbed, undisturbedLatencies } from './undisturbed.ts';

/** Intended at 100, accepted at 110, received at 200. */
const pushed: Delivery = { row: 1, intendedUs: 100, acceptedUs: 110, receivedUs: 200, poll: undefined };
/** The poll was due at 170 and left in time. */
const polled: Delivery = { ...pushed, poll: { dueUs: 170, lateUs: 0 } };

type Case = {
  readonly name: string;
  readonly delivery: Delivery;
  readonly gap?: readonly [fromUs: number, toUs: number];
  readonly leftLate?: readonly number[];
  readonly disturbed: boolean;
};
const cases: readonly Case[] = [
  { name: 'nothing', delivery: pushed, disturbed: false },
  { name: 'its update left late', delivery: pushed, leftLate: [0, 1], disturbed: true },
  { name: 'another update left late', delivery: pushed, leftLate: [1, 0], disturbed: false },
  { name: 'a gap that ends before it is intended', delivery: pushed, gap: [50, 99], disturbed: false },
  { name: 'a gap that ends when it is intended', delivery: pushed, gap: [50, 100], disturbed: true },
  { name: 'a gap within', delivery: pushed, gap: [120, 130], disturbed: true },
  { name: 'a gap that begins when it is received', delivery: pushed, gap: [200, 300], disturbed: true },
  { name: 'a gap that begins afterwards', delivery: pushed, gap: [201, 300], disturbed: false },
  { name: 'a gap over all of it', delivery: pushed, gap: [50, 300], disturbed: true },
  { name: 'polled: a gap until it is accepted', delivery: polled, gap: [105, 115], disturbed: true },
  { name: 'polled: a gap while it waits for the poll', delivery: polled, gap: [111, 169], disturbed: false },
  { name: 'polled: a gap while the poll is under way', delivery: polled, gap: [165, 175], disturbed: true },
  {
    name: 'polled: the poll left later than the limit',
    delivery: { ...polled, poll: { dueUs: 170, lateUs: 11 } },
    disturbed: true,
  },
  {
    name: 'polled: the poll left as late as the limit',
    delivery: { ...polled, poll: { dueUs: 170, lateUs: 10 } },
    disturbed: false,
  },
  {
    name: 'polled: a poll due before it was intended',
    delivery: { ...polled, poll: { dueUs: 90, lateUs: 0 } },
    gap: [92, 95],
    disturbed: true,
  },
];

for (const { name, delivery, gap, leftLate = [0, 0], disturbed } of cases) {
  test(`what disturbs a delivery: ${name}`, () => {
    const gaps = gap ? [{ fromUs: gap[0], toUs: gap[1] }] : [];
    const disturbances = { gaps, leftLate: Uint8Array.from(leftLate), lateUs: 10 };
    assert.equal(isDisturbed(delivery, disturbances), disturbed);
  });
}

test('among many gaps each is found that a delivery overlaps', () => {
  const instant = fc.integer({ min: 0, max: 200 });
  fc.assert(
    fc.property(fc.uniqueArray(instant, { maxLength: 20 }), instant, instant, (edges, from, length) => {
      const sorted = [...edges].sort((a, b) => a - b);
      const gaps = sorted.flatMap((fromUs, i) => {
        const toUs = sorted[i + 1];
        return i % 2 === 0 && toUs !== undefined ? [{ fromUs, toUs }] : [];
      });
      const delivery = { ...pushed, intendedUs: from, acceptedUs: from, receivedUs: from + length };
      assert.equal(
        isDisturbed(delivery, { gaps, leftLate: Uint8Array.of(0, 0), lateUs: 10 }),
        gaps.some(({ fromUs, toUs }) => fromUs <= from + length && toUs >= from),
      );
    }),
  );
});

test('the latencies that are left are those of these clients, of accepted updates', () => {
  const updates = emptyUpdates(3);
  for (const [row, [channel, version, intendedUs]] of [
    [0, 5, 1_000],
    [1, 1, 1_100],
    [0, 6, 1_200],
  ].entries()) {
    updates.channel[row] = channel!;
    updates.version[row] = version!;
    updates.intendedUs[row] = intendedUs!;
    updates.acceptedUs[row] = intendedUs! + 10;
  }
  const receipts = new Receipts();
  receipts.add(0, 5, 1_050);
  receipts.add(1, 1, 1_170);
  receipts.add(2, 5, 1_060);
  receipts.add(0, 6, 1_290);
  // Not accepted in the window, and a client of another process.
  receipts.add(0, 7, 1_300);
  receipts.add(9, 5, 1_051);
  const latencies = (leftLate: readonly number[]) => {
    const members = [
      [0, 0],
      [1, 1],
      [2, 0],
    ] as const;
    const disturbances = { gaps: [], leftLate: Uint8Array.from(leftLate), lateUs: 1_000 };
    const merged = mergeRecorded([undisturbedLatencies({ updates, receipts }, members, disturbances)]);
    return [merged.totalCount, merged.minNonZeroValue, merged.maxValue];
  };
  assert.deepEqual(latencies([0, 0, 0]), [4, 50, 90]);
  assert.deepEqual(latencies([1, 0, 0]), [2, 70, 90]);
  assert.deepEqual(latencies([0, 0, 1]), [3, 50, 70]);
});

test('receipts keep the poll of each delivery that has one, across chunks', () => {
  const receipts = new Receipts();
  const rows = (1 << 16) + 2;
  for (let row = 0; row < rows; row++) {
    if (row % 2 === 0) receipts.add(1, row, row * 10);
    else receipts.add(1, row, row * 10, { dueUs: row, lateUs: row % 7 });
  }
  let seen = 0;
  receipts.forEach((_, version, __, poll) => {
    seen++;
    const expected = version % 2 === 0 ? undefined : { dueUs: version, lateUs: version % 7 };
    if (poll?.dueUs !== expected?.dueUs || poll?.lateUs !== expected?.lateUs) assert.deepEqual(poll, expected);
  });
  assert.equal(seen, rows);
});
