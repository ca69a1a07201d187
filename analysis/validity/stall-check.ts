import type { CompletedTrial, StallRecord } from '../../results/schema/schema.ts';
import { knowsPercentile } from '../figures/figure.ts';
import { formatValue } from '../figures/format.ts';
import { reportableOf, type Statistic } from '../figures/reportable.ts';
import { caution, type Warning } from './warning.ts';

/** As they are called in a sentence. */
const statistics: readonly (readonly [name: string, statistic: Statistic])[] = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
  ['p99.9', 0.999],
  ['the mean', 'mean'],
  ['the longest', 'max'],
];

/** More processes than these are counted, not named. */
const mostNamed = 3;

/** Names the stalls of the instrument that made latencies, and the latencies that are therefore left out. */
export function checkStalls(trial: CompletedTrial): Warning<'stalled'> | undefined {
  const { stalls, latency } = trial;
  if (!stalls || latency.delivery.count === 0) return undefined;
  const isReportable = reportableOf(trial);
  const leftOut = statistics
    .filter(([, statistic]) => statistic !== 0.999 || knowsPercentile(trial, statistic))
    .filter(([, statistic]) => !isReportable(statistic))
    .map(([name]) => name);
  if (leftOut.length === 0) return undefined;
  const they = leftOut.length === 1 ? 'it is' : 'they are';
  return caution(
    'stalled',
    `${causes(trial, stalls).join('; ')}. The instrument may have made ${listed(leftOut)}, so ${they} left out. Free the machine and measure again.`,
  );
}

function causes(trial: CompletedTrial, { gaps, lateMs }: StallRecord): readonly string[] {
  const sorted = [...gaps].sort((a, b) => longestMsOf(b) - longestMsOf(a));
  const named = sorted.slice(0, mostNamed).map((gap) => gapText(gap, trial.window));
  const more = sorted.length - named.length;
  const longestMs = Math.max(0, ...sorted.slice(0, 1).map(longestMsOf));
  return [
    ...named,
    ...(more > 0 ? [`${more} more ${more === 1 ? 'process' : 'processes'} did too`] : []),
    ...lateTexts(trial, Math.max(lateMs, longestMs)),
  ];
}

type Gaps = StallRecord['gaps'][number];

function gapText({ process, count, totalMs, longest }: Gaps, { durationMs }: CompletedTrial['window']): string {
  const worst = longest.reduce((a, b) => (lengthOf(b) > lengthOf(a) ? b : a));
  const when =
    worst.fromMs >= durationMs ? 'after the window' : `${formatValue(Math.max(0, worst.fromMs), 'ms')} into the window`;
  const length = formatValue(lengthOf(worst), 'ms');
  if (count === 1) return `${process} stood still for ${length}, ${when}`;
  return `${process} stood still ${count} times, for ${formatValue(totalMs, 'ms')} in all, at most ${length} (${when})`;
}

function longestMsOf({ longest }: Gaps): number {
  return Math.max(...longest.map(lengthOf));
}

function lengthOf({ fromMs, toMs }: Gaps['longest'][number]): number {
  return toMs - fromMs;
}

/** What left later than this; a process that stood still also sends late, which then says nothing new. */
function lateTexts({ lateness: { source, publish, poll } }: CompletedTrial, laterThanMs: number): readonly string[] {
  const latest = { updates: Math.max(source.maxMs, publish.maxMs), polls: poll.maxMs };
  return Object.entries(latest)
    .filter(([, ms]) => ms > laterThanMs)
    .map(([what, ms]) => `${what} left up to ${formatValue(ms, 'ms')} late`);
}

function listed(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
