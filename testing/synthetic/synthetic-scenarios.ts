import { defineScenario } from '../../scenarios/define-scenario.ts';
import type { Scenario } from '../../scenarios/scenario.ts';

/** Short polling in cohorts. Only runs that ask for it include it. */
export const syntheticDashboard = defineScenario({
  name: 'dashboard',
  title: 'Dashboard',
  summary: 'Boards whose figures change now and then, with screens that poll at different intervals.',
  clients: 280,
  channels: 10,
  origin: 'server',
  arrivals: { kind: 'poisson', perSecond: 0.5 },
  payload: { kind: 'quotes', bytes: 160 },
  semantics: 'latest',
  encoding: 'json',
  pollCohortsMs: [100, 200, 500, 1000, 2000, 5000, 10_000],
  echo: true,
});

/**
 * Scenarios of synthetic runs, separate from the real ones, so that tests of the report do not follow their changes.
 */
export const syntheticScenarios: readonly Scenario[] = [
  defineScenario({
    echo: true,
    name: 'chat-room',
    title: 'Chat room',
    summary: 'People in rooms write to each other. Every message counts, and everyone in the room gets it.',
    clients: 200,
    channels: 20,
    origin: 'client',
    arrivals: { kind: 'poisson', perSecond: 0.5 },
    payload: { kind: 'chat-text', bytes: 120 },
    semantics: 'every',
    encoding: 'json',
  }),
  defineScenario({
    echo: true,
    name: 'online-game',
    title: 'Online game',
    summary: 'A match sends the positions of all players at 20 Hz, players send inputs. Only the newest state counts.',
    clients: 64,
    channels: 8,
    origin: 'server',
    arrivals: { kind: 'constant', perSecond: 20 },
    payload: { kind: 'player-positions', bytes: 400 },
    semantics: 'latest',
    encoding: 'binary',
    inputs: {
      arrivals: { kind: 'constant', perSecond: 10 },
      payload: { kind: 'player-input', bytes: 24 },
    },
    pollIntervalMs: 100,
  }),
  defineScenario({
    echo: true,
    name: 'live-stream',
    title: 'Live stream',
    summary: 'One source sends large media chunks to many viewers, who now and then send a small reaction.',
    clients: 100,
    channels: 1,
    origin: 'server',
    arrivals: { kind: 'constant', perSecond: 4 },
    payload: { kind: 'media-chunk', bytes: 48_000 },
    semantics: 'every',
    encoding: 'binary',
    inputs: {
      arrivals: { kind: 'poisson', perSecond: 0.05 },
      payload: { kind: 'reaction', bytes: 40 },
    },
  }),
];
