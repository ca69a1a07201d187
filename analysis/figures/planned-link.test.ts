import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainPlan, plainRecord } from '../../testing/by-hand/plain-run.ts';
import { plannedLink } from './planned-link.ts';

test('a scenario has the link of its point, or else that of the run', () => {
  const link = { ...plainRecord.plan.link, rttMs: 80 };
  assert.equal(plannedLink({ ...plainPlan, link }, plainRecord), link);
  assert.equal(plannedLink(plainPlan, plainRecord), plainRecord.plan.link);
});
