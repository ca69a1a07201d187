import { changedScenario } from '../define-scenario.ts';
import { scenarioFields } from '../fields.ts';
import type { Scenario } from '../scenario.ts';
import { notifications } from './notifications.ts';

/** A load of which nothing more is said: text from a server in one channel, at random instants; every update counts. */
export const plainLoad: Scenario = changedScenario(notifications, {
  title: 'Your load',
  summary: 'A load as it was asked for.',
  channels: scenarioFields.channels.default,
  pollIntervalMs: scenarioFields.pollIntervalMs.default,
});
