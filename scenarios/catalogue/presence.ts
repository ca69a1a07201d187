import { defineScenario } from '../define-scenario.ts';

/**
 * Five teams of twenty. People change status together, for example when a meeting begins: bursts of five changes 50 ms
 * apart, one burst per team every five seconds. That is busier than a real day, so that a short trial sees enough
 * bursts. A channel carries the changes of a whole team and the newest says nothing about the others, so every one
 * counts (`every`). 90 bytes hold who, what, since when and a note. People accept about two seconds for a coloured dot:
 * the polling interval.
 */
export const presence = defineScenario({
  name: 'presence',
  title: 'Presence',
  summary: 'Five teams of twenty see who is online, busy or away. Changes come in bursts, as when a meeting begins.',
  clients: 100,
  channels: 5,
  origin: 'server',
  arrivals: { kind: 'bursts', perSecond: 0.2, size: 5, gapMs: 50 },
  payload: { kind: 'presence', bytes: 90 },
  semantics: 'every',
  encoding: 'json',
  pollIntervalMs: 2000,
});
