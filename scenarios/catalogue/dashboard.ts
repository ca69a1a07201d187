import { defineScenario } from '../define-scenario.ts';

/**
 * Ten boards with 28 screens each. A figure changes every two seconds, at random; a screen wants the state of now, not
 * those it missed, so newer replaces older. 160 bytes are one row of such a board.
 *
 * How often to ask is the question here, so short-polling clients come in seven cohorts, from ten polls a second to six a
 * minute, which is what people set: four screens of each board in every cohort, all at the same time.
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
