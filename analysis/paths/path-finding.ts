import type { PathChange } from './paths.ts';

/**
 * The finding about a path against its partner: it costs clearly more or less, practically the same, or neither can be
 * told.
 */
export type PathFinding = 'differs' | 'same' | 'cannot-tell';

/** An interval within this distance of 1 counts as the same. */
const negligible = 0.01;

/** The finding for a path against its partner; `undefined` if nothing was judged. */
export function findingOf(change: PathChange | undefined): PathFinding | undefined {
  if (!change?.estimate || change.outcome === 'too-few') return undefined;
  const { low, high } = change.estimate;
  if (low >= 1 - negligible && high <= 1 + negligible) return 'same';
  return change.outcome === 'cannot-tell' ? 'cannot-tell' : 'differs';
}
