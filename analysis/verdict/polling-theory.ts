import type { PlannedScenario } from '../../results/schema/schema.ts';
import type { PollingPoint } from './freshness-cost.ts';

/** Mean staleness in milliseconds and bytes per client and minute, by theory, for one polling interval. */
export type TheoryPoint = { readonly pollIntervalMs: number; readonly stalenessMs: number; readonly bytes: number };

const msPerMinute = 60_000;
const stepsBetweenPoints = 8;

/**
 * The curve that polling must follow if updates are a Poisson process and newer ones replace older: an update waits
 * half an interval on average and travels half a round trip; a poll costs `c0` bytes, and `c1` more if it finds
 * something, with probability 1 − e^(−λP). That is the limit of many channels: with a fixed number of updates in a window
 * D over k channels, polls that find nothing are fewer by a share of about λP × P / 2kD. `c0` and `c1` are fitted to the measured bytes by weighted least squares;
 * the staleness has no parameter to fit. `undefined` for other workloads, or if fewer than three intervals or their
 * bytes do not determine the constants.
 */
export function pollingTheory(
  { scenario }: PlannedScenario,
  polling: readonly PollingPoint[],
  rttMs: number,
): readonly TheoryPoint[] | undefined {
  const { arrivals, semantics } = scenario;
  if (arrivals.kind !== 'poisson' || semantics !== 'latest' || polling.length < 3) return undefined;
  const perMs = arrivals.perSecond / 1000;
  const polls = (intervalMs: number) => msPerMinute / intervalMs;
  const finds = (intervalMs: number) => polls(intervalMs) * (1 - Math.exp(-perMs * intervalMs));
  const fitted = fit(polling.map(({ pollIntervalMs, bytes }) => [polls(pollIntervalMs), finds(pollIntervalMs), bytes]));
  if (!fitted) return undefined;
  const [c0, c1] = fitted;
  return intervalsOf(polling).map((pollIntervalMs) => ({
    pollIntervalMs,
    stalenessMs: pollIntervalMs / 2 + rttMs / 2,
    bytes: c0 * polls(pollIntervalMs) + c1 * finds(pollIntervalMs),
  }));
}

/** Least squares of `bytes = c0 × polls + c1 × finds`, each row weighted so that relative errors count. */
function fit(
  rows: readonly (readonly [polls: number, finds: number, bytes: number])[],
): readonly [number, number] | undefined {
  let [pp, pf, ff, p, f] = [0, 0, 0, 0, 0];
  for (const [polls, finds, bytes] of rows) {
    const [a, b] = [polls / bytes, finds / bytes];
    pp += a * a;
    pf += a * b;
    ff += b * b;
    p += a;
    f += b;
  }
  const determinant = pp * ff - pf * pf;
  // Rows that are proportional to each other cannot separate the two constants.
  if (!(determinant > 1e-12 * pp * ff)) return undefined;
  return [(p * ff - f * pf) / determinant, (f * pp - p * pf) / determinant];
}

/** The measured intervals and some between them, evenly on a logarithmic scale. */
function intervalsOf(polling: readonly PollingPoint[]): readonly number[] {
  return polling.flatMap(({ pollIntervalMs }, index) => {
    const next = polling[index + 1];
    if (!next) return [pollIntervalMs];
    const factor = next.pollIntervalMs / pollIntervalMs;
    return Array.from(
      { length: stepsBetweenPoints },
      (_, step) => pollIntervalMs * factor ** (step / stepsBetweenPoints),
    );
  });
}
