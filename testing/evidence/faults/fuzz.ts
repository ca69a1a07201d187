import { parseArgs } from 'node:util';
import { countsText, runCampaign } from '../../fuzz/campaign.ts';
import { kinds } from '../../fuzz/kinds.ts';
import type { Evidence, Finding } from '../evidence.ts';

const usualMinutes = 10;
const leastInAll = 10_000;

/** Hostile inputs of every kind. Each comes from a seed, so that a fault can be seen again. */
export const fuzzEvidence: Evidence = {
  summary: 'hostile inputs for --minutes 10, of --kind yaml,…; --seed 17 tries that one again',
  hasOptions: true,
  isWhole: (options) => isWhole(asked(options)),
  measure: async (say, options) => {
    const { names, seed, minutes } = asked(options);
    const { tried, faults } = await runCampaign({
      names,
      firstSeed: seed ?? 1,
      minutes,
      // A part tries at least one of each kind.
      leastShare: isWhole(asked(options)) ? 1 : 0,
      say,
    });
    const total = [...tried.values()].reduce((sum, count) => sum + count, 0);
    const all: Finding = {
      claim: `at least ${leastInAll} hostile inputs are tried`,
      found: `${total}: ${countsText(tried)}`,
      holds: total >= leastInAll,
      figures: { inputs: total },
    };
    const none: Finding = {
      claim:
        'none ends the process, hangs for more than 10 s, takes 1 GB, leaves a stack trace, or reaches an output unescaped',
      found: faults.length === 0 ? 'none' : faults.map(({ kind, seed }) => `${kind} ${seed}`).join(', '),
      holds: faults.length === 0,
    };
    return isWhole(asked(options)) ? [all, none] : [{ ...none, found: `${none.found}, of ${countsText(tried)}` }];
  },
};

type Asked = { readonly names: readonly string[]; readonly seed: number | undefined; readonly minutes: number };

/** Throws if the options name no kind. */
function asked(options: readonly string[]): Asked {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args: [...options], options: { minutes: text, seed: text, kind: text } });
  const names = values.kind?.split(',') ?? Object.keys(kinds);
  const unknown = names.find((name) => !(name in kinds));
  if (unknown !== undefined) throw new Error(`--kind: ${unknown} is unknown; give ${Object.keys(kinds).join(', ')}`);
  const seed = values.seed === undefined ? undefined : Number(values.seed);
  return { names, seed, minutes: seed === undefined ? Number(values.minutes ?? usualMinutes) : 0 };
}

function isWhole({ names, minutes }: Asked): boolean {
  return names.length === Object.keys(kinds).length && minutes >= usualMinutes;
}
