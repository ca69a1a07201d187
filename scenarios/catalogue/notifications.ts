import { defineScenario } from '../define-scenario.ts';

/**
 * Two hundred people with a channel each, and a mention, reply or invitation for each about every three minutes. In
 * between, a long poll ends and restarts about seven times, and an idle push connection has as many heartbeats:
 * heartbeats may cost more than polling here. Twenty seconds are acceptable for a notification, so polls ask that
 * often. 200 bytes hold a sentence and a link; each one counts (`every`). Hold and heartbeat of 25 s stay below the 30
 * and 60 s after which common proxies drop a silent connection.
 */
export const notifications = defineScenario({
  name: 'notifications',
  title: 'Notifications',
  summary: 'Two hundred people wait for something that comes every few minutes. What does the waiting itself cost?',
  clients: 200,
  channels: 200,
  origin: 'server',
  arrivals: { kind: 'poisson', perSecond: 1 / 180 },
  payload: { kind: 'notice', bytes: 200 },
  semantics: 'every',
  encoding: 'json',
  pollIntervalMs: 20_000,
});
