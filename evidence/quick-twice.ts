import { plannedBy, profiles } from '../bench/profiles.ts';
import { transports } from '../protocol/transport.ts';
import { type Evidence, ledgerFinding, measureTrials } from './evidence.ts';

/** The default profile, twice, with other seeds: nothing may be lost in any trial where every update counts. */
export const quickTwiceEvidence: Evidence = {
  summary: 'the profile quick, twice: nothing lost, duplicated or out of order',
  measure: async (say) => {
    const { rttMs } = profiles.quick;
    const scenarios = plannedBy(profiles.quick);
    const runs = [];
    for (const seed of ['quick-1', 'quick-2']) {
      const startedAt = performance.now();
      runs.push({
        trials: await measureTrials({ transports, rttMs, scenarios, seed }, say),
        startedAt,
        endedAt: performance.now(),
      });
    }
    const everyUpdate = new Set(
      scenarios.filter(({ scenario }) => scenario.semantics === 'every').map(({ scenario }) => scenario.name),
    );
    const all = runs.flatMap(({ trials }) => trials);
    const every = all.filter(({ scenario }) => everyUpdate.has(scenario));
    return [
      { ...ledgerFinding(every), claim: `semantics every: all ${every.length} trials of two runs balance` },
      { ...ledgerFinding(all), claim: `both semantics: all ${all.length} trials of two runs balance` },
      ...runs.map(({ startedAt, endedAt }, i) => ({
        claim: `run ${i + 1} takes at most 5 minutes`,
        found: `${((endedAt - startedAt) / 1000).toFixed(0)} s`,
        holds: endedAt - startedAt <= 300_000,
      })),
    ];
  },
};
