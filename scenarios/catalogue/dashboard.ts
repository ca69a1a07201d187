import { defineScenario } from '../define-scenario.ts';

/**
 * Ten boards with 28 screens each. A figure changes every two seconds on average. A screen needs only the current
 * state, so newer updates replace older ones (`latest`). 160 bytes are one row of a board.
 * The question here is how often to ask. Short-polling clients therefore form seven cohorts at intervals that people
 * use, from ten polls a second to six a minute, with four screens of each board in each cohort, all measured at the
 * same time.
 */
export const dashboard = defineScenario({
  name: 'dashboard',
  title: 'Dashboard',
  summary:
    'Ten boards with 28 screens each; a figure changes about every two seconds, and only the newest state matters. ' +
    'Screens that poll do so at seven different intervals: what does freshness cost?',
  clients: 280,
  channels: 10,
  origin: 'server',
  arrivals: { kind: 'poisson', perSecond: 0.5 },
  payload: { kind: 'quotes', bytes: 160 },
  semantics: 'latest',
  encoding: 'json',
  pollCohortsMs: [100, 200, 500, 1000, 2000, 5000, 10_000],
});
