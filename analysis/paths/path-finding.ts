import type { Outcome } from '../comparison/outcome.ts';
import type { PathChange } from './paths.ts';

/**
 * The finding about a path against its partner: it costs clearly more or less, practically the same, neither can be
 * told, or it seems to differ and the repeats are not enough to be sure.
 */
export type PathFinding = 'differs' | 'same' | 'cannot-tell' | 'unresolved';

const findings: Readonly<Record<Exclude<Outcome, 'too-few'>, PathFinding>> = {
  lower: 'differs',
  higher: 'differs',
  equal: 'same',
  'cannot-tell': 'cannot-tell',
  unresolved: 'unresolved',
};

/** The finding for a path against its partner; `undefined` if nothing was judged. */
export function findingOf(change: PathChange | undefined): PathFinding | undefined {
  return !change?.estimate || change.outcome === 'too-few' ? undefined : findings[change.outcome];
}
