import { defineScenario } from '../define-scenario.ts';

/**
 * Two hundred people, each with a channel of their own, and something for each of them every three minutes: mentions,
 * replies, invitations. Between two of them a held request ends and begins again about seven times, and an idle socket
 * is kept alive as often: here the heartbeats may cost more than polling does. Nobody minds 20 seconds for a
 * notification, so that is how often polls ask. 200 bytes are a sentence and a link; each one counts. Hold and
 * heartbeat of 25 seconds stay below the 30 and 60 seconds after which common proxies drop a silent connection.
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
