import { defineScenario } from '../define-scenario.ts';

/**
 * As many people as one machine can hold at both ends: a hundred thousand in five thousand rooms of twenty. Each gets an
 * update about every five seconds, 20,000 deliveries a second in all, and once in the window all get the same
 * announcement at once: how long until the last one has it? It needs --nodes 9, because some 12,000 connections fit to
 * one address, and --rtt 0. Long polling and short polling answer each update with a request: 20,000 a second are more
 * than a core carries, so polls are to be seldom, and for long polling also the updates (--rate 0.0667).
 */
export const crowd = defineScenario({
  name: 'crowd',
  title: 'Crowd',
  summary:
    'A hundred thousand people in five thousand rooms, an update for each every five seconds, and one announcement for all.',
  clients: 100_000,
  channels: 5_000,
  origin: 'server',
  arrivals: { kind: 'poisson', perSecond: 0.2 },
  payload: { kind: 'notice', bytes: 150 },
  semantics: 'every',
  encoding: 'json',
  broadcast: { arrivals: { kind: 'constant', perSecond: 0.05 }, payload: { kind: 'notice', bytes: 150 } },
  pollIntervalMs: 15_000,
});

/** The same people, and next to nothing happens: what is measured are heartbeats, ends of holds and empty answers. */
export const idleCrowd = defineScenario({
  name: 'idle-crowd',
  title: 'Idle crowd',
  summary: 'A hundred thousand people wait, and next to nothing happens. What does their waiting cost?',
  clients: 100_000,
  channels: 5_000,
  origin: 'server',
  arrivals: { kind: 'poisson', perSecond: 0.001 },
  payload: { kind: 'notice', bytes: 150 },
  semantics: 'every',
  encoding: 'json',
  pollIntervalMs: 25_000,
});
