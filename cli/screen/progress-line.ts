import { reportableOf } from '../../analysis/figures/reportable.ts';
import type { PlannedTrial } from '../../bench/plan/plan.ts';
import type { Stage } from '../../bench/trial/progress.ts';
import { isDirect, routeName } from '../../network/route/route.ts';
import { failureReason } from '../../report/sentences/failure-text.ts';
import type { TrialRecord } from '../../results/schema/schema.ts';
import { scenarioAt, scenarioKey } from '../../scenarios/point.ts';
import { roundedDuration } from '../../text/duration.ts';
import { plainText } from '../../text/plain-text.ts';

/** Colours of picocolors; without colour each returns its text. */
export type Colors = Readonly<Record<'dim' | 'green' | 'red' | 'bold', (text: string) => string>>;

/** What the live line shows. `done` is the share of the run's time, 0 to 1; `leftMs` an estimate. */
export type Moment = {
  readonly trial: PlannedTrial;
  readonly index: number;
  readonly total: number;
  readonly stage: Stage;
  readonly done: number;
  readonly leftMs: number;
};

const widestBar = 24;
const narrowestBar = 6;

/** One line of at most `columns` characters: bar, share, time left, which trial, what runs now. */
export function liveLine(
  { trial, index, total, stage, done, leftMs }: Moment,
  columns: number,
  colors: Colors,
): string {
  const percent = `${String(Math.floor(done * 100)).padStart(3)}%`;
  const left = `${roundedDuration(leftMs)} left`;
  const now = `${numbered(index, total)} ${titleOf(trial)} · ${stage}`;
  const room = columns - percent.length - left.length - now.length - 8;
  const bar = room < narrowestBar ? '' : `${barOf(done, Math.min(widestBar, room), colors)} `;
  // Cut before colouring, so that no escape code is cut in two; one column stays free, or some terminals wrap.
  const rest = `${percent}  ${left}  `;
  const spare = Math.max(0, columns - 1 - rest.length);
  return `${bar}${rest}${bar === '' ? now.slice(0, spare) : now}`;
}

function barOf(done: number, width: number, colors: Colors): string {
  const filled = Math.min(width, Math.round(done * width));
  return colors.green('█'.repeat(filled)) + colors.dim('░'.repeat(width - filled));
}

/** Line that stays on screen after a trial: its first figures, or the reason for their absence. */
export function endedLine(trial: PlannedTrial, record: TrialRecord, index: number, total: number, colors: Colors) {
  const head = `${numbered(index, total)} ${titleOf(trial)}`;
  if (record.status === 'failed') {
    return `${colors.red('failed')}  ${head}: ${record.stage}: ${plainText(failureReason(record))}`;
  }
  const { count, p50Ms, p99Ms } = record.latency.delivery;
  const isReportable = reportableOf(record);
  const shown = (share: number, ms: number) => (isReportable(share) ? `${ms.toFixed(1)} ms` : 'left out (stall)');
  const figures = count === 0 ? 'no deliveries' : `p50 ${shown(0.5, p50Ms)}, p99 ${shown(0.99, p99Ms)}`;
  return `${colors.green('done')}    ${head}: ${figures}${colors.dim(`, ${count} deliveries`)}`;
}

/** Line for the start of a trial if the output is no terminal. */
export function startedLine(trial: PlannedTrial, index: number, total: number, leftMs: number): string {
  return `start   ${numbered(index, total)} ${titleOf(trial)}, ${roundedDuration(leftMs)} left`;
}

function titleOf({ planned, repeat, transport, route }: PlannedTrial): string {
  const times = planned.repeats > 1 ? ` · repeat ${repeat + 1} of ${planned.repeats}` : '';
  const path = isDirect(route) ? '' : ` · ${routeName(route)}`;
  const name = scenarioKey(scenarioAt(planned));
  return `${name} · ${transport}${path}${times}`;
}

function numbered(index: number, total: number): string {
  return `[${String(index + 1).padStart(String(total).length)}/${total}]`;
}
