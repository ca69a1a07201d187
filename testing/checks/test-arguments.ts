import { parseArgs } from 'node:util';
import { type Tier, tiers } from './test-files.ts';

export type TestArguments = {
  readonly wanted: readonly Tier[];
  /** A file is chosen if its path contains one of these; all files if there are none. */
  readonly parts: readonly string[];
  /** Only tests whose name matches this regular expression. */
  readonly name: string | undefined;
  readonly watch: boolean;
  /** A file to write the counts to, as JSON. */
  readonly counts: string | undefined;
  readonly help: boolean;
};

export const helpText = `usage: npm test -- [options] [part of a path ...]

Runs the test files whose path contains one of the given parts; all of the tier if none is given.

  --tier LIST      test: needs only Node (default). verify: needs system tools. faults: breaks things, takes minutes.
                   Several are separated by commas; all: every tier
  --name PATTERN   only tests whose name matches this regular expression
  --watch          run again, after a change, the chosen files that import what changed
  --counts FILE    also write the counts to FILE, as JSON
  --help           print this text`;

/** Throws a one-line error for an unknown option or tier, or an invalid pattern. */
export function readTestArguments(args: readonly string[]): TestArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      tier: { type: 'string', default: 'test' },
      name: { type: 'string' },
      watch: { type: 'boolean', default: false },
      counts: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const { tier, name, watch, counts, help } = values;
  if (name !== undefined) new RegExp(name);
  return { wanted: tiersOf(tier), parts: positionals, name, watch, counts, help };
}

function tiersOf(list: string): readonly Tier[] {
  if (list === 'all') return tiers;
  return list.split(',').map((name) => {
    const tier = tiers.find((known) => known === name);
    if (!tier) throw new Error(`--tier: ${JSON.stringify(name)} is unknown; give ${tiers.join(', ')} or all`);
    return tier;
  });
}
