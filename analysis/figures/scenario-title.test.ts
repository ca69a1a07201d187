import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainPlan } from '../../testing/by-hand/plain-run.ts';
import { titleOf } from './scenario-title.ts';

test('a scenario is called by its title, at a point of a sweep with the point', () => {
  assert.equal(titleOf({ ...plainPlan, point: {} }), 'Plain');
  assert.equal(titleOf({ ...plainPlan, point: { clients: 300, rttMs: 40 } }), 'Plain, 300 clients, RTT 40 ms');
});
