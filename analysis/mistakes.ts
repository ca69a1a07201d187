import { mistakeTexts } from '../network/nginx-mistakes.ts';
import type { TrialRecord } from '../results/schema.ts';

type Mistake = keyof typeof mistakeTexts;

/** How a trial goes wrong where the mistake does what it is known for. What it only makes dearer fails nothing. */
const shows: Readonly<Record<Mistake, (trial: TrialRecord) => boolean>> = {
  'no-upgrade-headers': isShutOut,
  // Small events never arrive, large ones come late and the last of them not at all.
  'buffered-sse': (trial) => isShutOut(trial) || (trial.status === 'completed' && trial.ledger.lost > 0),
  'short-read-timeout': (trial) => trial.status === 'completed' && trial.counts.errors + trial.counts.reconnects > 0,
  'no-upstream-keepalive': () => false,
};

/** Whether a trial went wrong as its path was meant to show: then it is the exhibit, and no fault of the run. */
export function isExhibit(trial: TrialRecord): boolean {
  const mistake = trial.path.route?.proxy?.mistake ?? undefined;
  return mistake !== undefined && mistakeTexts[mistake].hits.includes(trial.transport) && shows[mistake](trial);
}

function isShutOut(trial: TrialRecord): boolean {
  return trial.status === 'failed' && trial.stage === 'connect';
}
