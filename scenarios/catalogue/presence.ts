import { defineScenario } from '../define-scenario.ts';

/**
 * Five teams of twenty. People change status together, when a meeting begins or lunch ends: bursts of five changes 50
 * ms apart, one burst in five seconds and team, busier than a real day so that a short trial sees enough of them. A
 * channel carries the changes of a whole team, and the newest one says nothing about the others, so `every`, although
 * the status of one person alone could be replaced. 90 bytes are who, what, since when and a note. Two seconds is the
 * usual patience with a coloured dot, and so the polling interval.
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
