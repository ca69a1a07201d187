import { type Measured, sum } from '../../figures/figure.ts';
import type { Numbers } from './message-bytes.ts';

/** Microseconds with as many digits as the instants of trials have. */
const instantUs = 2e9;

/** How far the streams of these trials had come in the middle of their windows. */
export function progressOf(measured: readonly Measured[]): Pick<Numbers, 'version' | 'instantUs'> {
  const version = sum(measured.map(versionHalfway)) / measured.length;
  return { version: Math.max(1, Math.round(version)), instantUs };
}

/**
 * The version of a channel in the middle of the window. A client of a stream has seen all of them; of long polling,
 * whose warm-up counts requests too, half of the operations were updates.
 */
function versionHalfway({ trial, scenario }: Measured): number {
  const perChannel = trial.updates.accepted / scenario.channels;
  const before = trial.window.warmupOperations / scenario.clients;
  return (trial.transport === 'long-polling' ? before / 2 : before) + perChannel / 2;
}
