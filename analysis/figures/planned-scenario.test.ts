import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainPlan, plainRecord } from '../../testing/by-hand/plain-run.ts';
import { plannedLink, titleOf } from './planned-scenario.ts';

test('a scenario has the link of its point, or else that of the run', () => {
  const link = { ...plainRecord.plan.link, rttMs: 80 };
  assert.equal(plannedLink({ ...plainPlan, link }, plainRecord), link);
  assert.equal(plannedLink(plainPlan, plainRecord), plainRecord.plan.link);
});

test('a scenario is called by its title, at a point of a sweep with the point', () => {
  assert.equal(titleOf({ ...plainPlan, point: {} }), 'Plain');
  assert.equal(titleOf({ ...plainPlan, point: { clients: 300, rttMs: 40 } }), 'Plain, 300 clients, RTT 40 ms');
});
