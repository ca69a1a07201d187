import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlannedPublish } from '../../scenarios/schedule.ts';
import { createPublishTrack } from './publish-track.ts';

test('each publish is encoded once, before its instant, and in the order of the plan', () => {
  const log: string[] = [];
  const publish = (client: number, atUs: number): PlannedPublish => ({ client, channel: 0, kind: 'update', atUs });
  const track = createPublishTrack([publish(7, 10), publish(3, 25), publish(7, 25)], 1_000, (planned, intendedUs) => {
    log.push(`encode ${planned.client} for ${intendedUs}`);
    return () => log.push(`send ${planned.client}`);
  });
  const instants = [track.nextUs()];
  const fire = () => {
    track.fire();
    instants.push(track.nextUs());
  };
  track.prepare!();
  track.prepare!();
  fire();
  // Overdue together with the first: there was no time to prepare it.
  fire();
  track.prepare!();
  fire();
  track.prepare!();
  assert.deepEqual(log, ['encode 7 for 1010', 'send 7', 'encode 3 for 1025', 'send 3', 'encode 7 for 1025', 'send 7']);
  assert.deepEqual(instants, [1_010, 1_025, 1_025, Number.POSITIVE_INFINITY]);
});
