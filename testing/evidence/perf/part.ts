import { Missed } from '../../perf/attempts.ts';
import type { Programs } from '../../perf/programs.ts';
import type { Finding } from '../evidence.ts';

export type PartContext = {
  readonly programs: Programs;
  /** Everything is measured this often, in turns, so that a change of the machine meets all of it. */
  readonly rounds: number;
  readonly say: (line: string) => void;
};

/** One of the measurements. */
export type Part = (context: PartContext) => Promise<readonly Finding[]>;

/**
 * Measures each member once a round, every other round backwards, so that what drifts meets all alike. Rejects with
 * `Missed`, naming the member by `titleOf`, if a sample does not count.
 */
export async function interleaved<M extends string, S>(
  members: readonly M[],
  rounds: number,
  measure: (member: M) => Promise<S>,
  titleOf: (member: M) => string = String,
): Promise<Readonly<Record<M, readonly S[]>>> {
  const samples = Object.fromEntries(members.map((member) => [member, [] as S[]])) as Record<M, S[]>;
  for (let round = 0; round < rounds; round++) {
    for (const member of round % 2 === 0 ? members : members.toReversed()) {
      samples[member].push(await named(titleOf(member), measure(member)));
    }
  }
  return samples;
}

async function named<S>(title: string, measured: Promise<S>): Promise<S> {
  try {
    return await measured;
  } catch (error) {
    throw error instanceof Missed ? new Missed(`${title}: ${error.message}`) : error;
  }
}
