import type { PathChange } from './paths.ts';

/** What the data say of a path: that it costs more or less, that it is the same as good as exactly, or nothing. */
export type PathFinding = 'differs' | 'same' | 'cannot-tell';

/** An interval that lies within this of 1 is no open question any more. */
const negligible = 0.01;

/** Of a path over its partner; `undefined` where nothing was judged. */
export function findingOf(change: PathChange | undefined): PathFinding | undefined {
  if (!change?.estimate || change.outcome === 'too-few') return undefined;
  const { low, high } = change.estimate;
  if (low >= 1 - negligible && high <= 1 + negligible) return 'same';
  return change.outcome === 'cannot-tell' ? 'cannot-tell' : 'differs';
}
