import type { Plan } from '../../bench/plan/plan.ts';
import type { AskedRecord } from '../../results/schema/asked-schema.ts';

/** The record of a run that a verb planned by itself: its scenarios were not on the command line, and no option changed them. */
export function nothingAsked({ profile, scenarios }: Plan): AskedRecord {
  const names = [...new Set(scenarios.map(({ scenario }) => scenario.name))];
  return {
    profile: { value: profile, from: 'default' },
    scenarios: names.map((name) => ({ name })),
    options: [],
    sources: [],
  };
}
