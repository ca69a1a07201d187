import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateMs } from '../../bench/plan/estimate.ts';
import { eachTrial, type Plan } from '../../bench/plan/plan.ts';
import { scenarios } from '../../scenarios/catalogue/catalogue.ts';
import { UsageError } from '../../text/usage-error.ts';
import { checkTime } from './time-limit.ts';

const planned = { scenario: scenarios[0]!, repeats: 5, durationMs: 10_000, warmupMs: 5000 };
const plan: Plan = {
  profile: 'test',
  seed: 'seed',
  transports: ['sse', 'websocket'],
  rttMs: 40,
  scenarios: [10, 20, 30, 40].map((clients) => ({ ...planned, point: { clients } })),
};
const neededMs = estimateMs(eachTrial(plan));

function complaint(given: Plan, limitMs: number): string {
  try {
    checkTime(given, limitMs);
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return error.message;
  }
  return assert.fail('nothing was refused');
}

test('a sweep within the limit is allowed', () => checkTime(plan, neededMs));

test('a longer one is refused, with the estimate and what to leave out', () => {
  assert.match(
    complaint(plan, neededMs / 2),
    /^--over: 40 trials at 4 points take about 1[0-9] min, more than \d+ min.*; give at most 2 points, --repeats 2 \(\d.*\), fewer of --transport or a longer --within$/,
  );
});

test('fewer repeats are no way where one is too long, nor fewer transports where there is one', () => {
  const alone = { ...plan, transports: ['sse'] as const };
  assert.match(complaint(alone, neededMs / 20), /; give a longer --within$/);
});
