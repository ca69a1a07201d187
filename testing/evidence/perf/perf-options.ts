import { parseArgs } from 'node:util';

export type Asked<Name extends string> = { readonly rounds: number; readonly names: readonly Name[] };

const usualRounds = 5;
const mostRounds = 50;

/** `--rounds N`, `--series NAME,…`. Throws a readable error if an option is unknown or invalid. */
export function readOptions<Name extends string>(options: readonly string[], known: readonly Name[]): Asked<Name> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args: [...options], options: { rounds: text, series: text } });
  const rounds = Number(values.rounds ?? usualRounds);
  if (!(Number.isInteger(rounds) && rounds >= 1 && rounds <= mostRounds)) {
    throw new Error(`--rounds: ${values.rounds} is no whole number from 1 to ${mostRounds}`);
  }
  const names = values.series?.split(',') ?? known;
  const unknown = names.find((name) => !known.includes(name as Name));
  if (unknown !== undefined) throw new Error(`--series: ${unknown} is unknown; give ${known.join(', ')}`);
  return { rounds, names: names as readonly Name[] };
}
