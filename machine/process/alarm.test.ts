import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAlarm } from './alarm.ts';
import { type Approach, dozing, spinning, woken } from './approach.ts';
import { type Clock, clockSince, newEpoch } from './clock.ts';

// An alarm does not keep its process alive, so this timer does while a test waits.
const alive = setInterval(() => {}, 1000);
after(() => clearInterval(alive));

/** An alarm with its next instant and the instants at which it rang. */
function watched(approachBy: (clock: Clock) => Approach = () => woken) {
  const clock = clockSince(newEpoch());
  const rings: number[] = [];
  let waiting: (() => void) | undefined;
  const alarm = createAlarm(
    clock,
    () => {
      rings.push(clock.nowUs());
      waiting?.();
    },
    approachBy(clock),
  );
  const ring = () =>
    new Promise<void>((resolve) => {
      waiting = resolve;
    });
  return { clock, alarm, rings, ring };
}

for (const [name, approach] of Object.entries({ woken: () => woken, spinning: () => spinning(), dozing }))
  test(`${name}: rings once per setting and never early`, () => ringsOnceAndNeverEarly(approach));

async function ringsOnceAndNeverEarly(approach: (clock: Clock) => Approach): Promise<void> {
  const { clock, alarm, rings, ring } = watched(approach);
  for (const delayUs of [0, 50, 300, 1000, 2500, 5000, 10_000, 20_000]) {
    const atUs = clock.nowUs() + delayUs;
    const rung = ring();
    alarm.set(atUs);
    await rung;
    assert.ok(rings.at(-1)! >= atUs, `${atUs - rings.at(-1)!} µs early`);
  }
  await sleep(20);
  assert.equal(rings.length, 8);
  await alarm.close();
}

test('rings at once for an instant in the past', async () => {
  const { clock, alarm, rings, ring } = watched();
  const rung = ring();
  alarm.set(clock.nowUs() - 5_000_000);
  await rung;
  assert.equal(rings.length, 1);
  await alarm.close();
});

test('a new setting replaces the previous one: earlier, later, or none', async () => {
  const { clock, alarm, rings, ring } = watched();
  const soonUs = clock.nowUs() + 30_000;
  let rung = ring();
  alarm.set(clock.nowUs() + 3_600_000_000);
  alarm.set(soonUs);
  await rung;
  assert.ok(rings[0]! >= soonUs);

  const laterUs = clock.nowUs() + 150_000;
  rung = ring();
  alarm.set(clock.nowUs() + 50_000);
  alarm.set(laterUs);
  await rung;
  assert.ok(rings[1]! >= laterUs);

  alarm.set(clock.nowUs() + 50_000);
  alarm.set(Number.POSITIVE_INFINITY);
  await sleep(150);
  assert.equal(rings.length, 2);
  await alarm.close();
});

test('does not ring after closing', async () => {
  const { clock, alarm, rings } = watched();
  alarm.set(clock.nowUs() + 30_000);
  await alarm.close();
  const atClose = rings.length;
  await sleep(100);
  assert.equal(rings.length, atClose);
});
