import { mistakeTexts } from '../../network/proxy/nginx-mistakes.ts';
import type { CompletedTrial, TrialRecord } from '../../results/schema/schema.ts';
import { formatNumber } from '../figures/format.ts';

type Mistake = keyof typeof mistakeTexts;

/** Whether a trial shows the symptom of each mistake. A mistake that only raises costs makes no trial fail. */
const shows: Readonly<Record<Mistake, (trial: TrialRecord) => boolean>> = {
  'no-upgrade-headers': isShutOut,
  // Small events never arrive; large ones come late, and the last of them never.
  'buffered-sse': (trial) => isShutOut(trial) || (trial.status === 'completed' && trial.ledger.lost > 0),
  'short-read-timeout': (trial) => trial.status === 'completed' && trial.counts.errors + trial.counts.reconnects > 0,
  'no-upstream-keepalive': () => false,
};

/**
 * Whether a trial went wrong as the deliberate mistake on its path predicts: such a trial is intended, not a fault of
 * the run.
 */
export function isExhibit(trial: TrialRecord): boolean {
  const mistake = mistakeThatHits(trial);
  return mistake !== undefined && shows[mistake](trial);
}

/**
 * What the completed trials of one transport over one path show of its mistake besides their warnings: one sentence, or
 * none.
 */
export function shownIn(trials: readonly CompletedTrial[]): readonly string[] {
  const mistake = trials[0] && mistakeThatHits(trials[0]);
  const total = (of: (trial: CompletedTrial) => number) =>
    formatNumber(trials.reduce((sum, trial) => sum + of(trial), 0));
  const reconnects = total(({ counts }) => counts.reconnects);
  // Long polls that are cut off get an error answer, which raises a warning.
  if (mistake === 'short-read-timeout' && reconnects !== '0') {
    return [`${reconnects} times a connection in which nothing happened was cut off, and opened again.`];
  }
  if (mistake !== 'no-upstream-keepalive') return [];
  const opened = total(({ proxy }) => proxy?.upstreamConnections ?? 0);
  const requests = total(({ counts }) => counts.requests);
  return [`${opened} connections were opened between NGINX and the servers, for ${requests} requests.`];
}

function mistakeThatHits({ path, transport }: TrialRecord): Mistake | undefined {
  const mistake = path.route?.proxy?.mistake ?? undefined;
  return mistake !== undefined && mistakeTexts[mistake].hits.includes(transport) ? mistake : undefined;
}

function isShutOut(trial: TrialRecord): boolean {
  return trial.status === 'failed' && trial.stage === 'connect';
}
