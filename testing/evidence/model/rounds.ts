import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { CompletedTrial } from '../../../results/schema/schema.ts';

export type Rounds = {
  readonly count: number;
  /** Where rounds are kept, one in a line as JSON; what is there already is not measured again. Absent: nowhere. */
  readonly file: string | undefined;
};

/** The file of `--trials FILE`: a series that ended half way goes on, and a whole one is judged anew. */
export function trialsFile(options: readonly string[]): string | undefined {
  return parseArgs({ args: [...options], options: { trials: { type: 'string' } } }).values.trials;
}

/** The trials of all rounds, measured one round after another. */
export async function inRounds(
  { count, file }: Rounds,
  measure: (round: number) => Promise<readonly CompletedTrial[]>,
): Promise<readonly CompletedTrial[]> {
  const rounds = file === undefined ? [] : keptIn(file);
  for (let round = rounds.length; round < count; round++) {
    const trials = await measure(round);
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(trials)}\n`);
    rounds.push(trials);
  }
  return rounds.flat();
}

function keptIn(file: string): (readonly CompletedTrial[])[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line, i) => {
    try {
      return JSON.parse(line) as readonly CompletedTrial[];
    } catch {
      throw new Error(`${file}: line ${i + 1} is not a whole round; remove it`);
    }
  });
}
