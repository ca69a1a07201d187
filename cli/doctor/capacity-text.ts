import { formatNumber, formatValue } from '../../analysis/figures/format.ts';
import type { BusyCore } from '../../results/core-use.ts';
import { plainText } from '../../text/plain-text.ts';
import { type Climbed, highestCarried, lowestLimited } from './capacity-ladder.ts';
import type { CapacityLimit, CapacityStep, MeasuredStep, StepFailure } from './capacity-step.ts';
import { capacityWorkload, fanOut } from './capacity-trial.ts';

/** Shares are CPU time of the trial's own processes. */
const notByACore = ', though our processes fill no core (other programs may)';

const sides = { load: 'load side', source: 'source', server: 'server' } as const;

/** One line while the steps go on, and with it how busy the cores were. */
export function stepText(step: CapacityStep): string {
  const rate = updates(step.updatesPerSecond);
  if (step.cores === null) return `${rate}: ${limitText(step.limit)}`;
  const { carriedPerSecond, p99Ms, limit } = step;
  const p99 = p99Ms === null ? '' : `, p99 ${ms(p99Ms)}`;
  const end = limit === null ? '' : `; ${limitText(limit)}`;
  return `${rate}: ${perSecond(carriedPerSecond)}${p99}; ${sharesText(step)}${end}`;
}

/** Which step failed, and why. */
export function failureText({ updatesPerSecond, stage, reason }: StepFailure): string {
  return `the step at ${updates(updatesPerSecond)} failed: ${stage}: ${plainText(reason)}`;
}

/** What the machine carried and what limited first, in two lines or three; at least one step is there. */
export function capacityText({ steps, failure, unfinished }: Climbed): string {
  const limited = lowestLimited(steps);
  const broken = failure && `a failure at ${updates(failure.updatesPerSecond)} ended the climb`;
  if (limited) return lines(carriedText(steps), firstLimitText(limited), broken);
  const late = unfinished === null ? '' : `, in which the step at ${updates(unfinished)} did not end`;
  return lines(carriedText(steps), `first limit: none was found${broken ? `: ${broken}` : ` in the time${late}`}`);
}

function carriedText(steps: readonly CapacityStep[]): string {
  const carried = highestCarried(steps);
  if (carried) return `carried: ${perSecond(carried.carriedPerSecond)}${workloadText(carried)}; ${sharesText(carried)}`;
  const [first] = steps;
  return `carried: not even ${perSecond(first!.updatesPerSecond * fanOut)}${workloadText(first!)}`;
}

function lines(...each: readonly (string | null)[]): string {
  return each.flatMap((line) => (line === null ? [] : [`${line}\n`])).join('');
}

function workloadText({ updatesPerSecond }: CapacityStep): string {
  return ` (${updates(updatesPerSecond)}, ${capacityWorkload})`;
}

function firstLimitText(step: CapacityStep): string {
  const shares = step.cores === null ? '' : `; ${sharesText(step)}`;
  return `first limit, at ${updates(step.updatesPerSecond)}: ${limitText(step.limit!)}${shares}`;
}

function limitText(limit: CapacityLimit): string {
  switch (limit.what) {
    case 'load':
    case 'source':
    case 'server':
      return `${coreText(limit.what, limit.core)} is full`;
    case 'lag':
      return `deliveries lag behind, ${formatValue(limit.missingShare, 'share', 2)} were missing at the end${notByACore}`;
    case 'lateness':
      return `deliveries take longer and longer, ${ms(limit.earlyMs)} at first and ${ms(limit.lateMs)} at the end${notByACore}`;
    case 'source-late':
      return `updates leave the source late, p99 ${ms(limit.p99Ms)}${notByACore}`;
    case 'undelivered':
      return `updates were not delivered in time: ${limit.stage}: ${plainText(limit.reason)}`;
  }
}

/** `the server's core (server)`; with all that share it. */
function coreText(side: keyof typeof sides, { names }: BusyCore): string {
  return `the ${sides[side]}'s core (${names.join(', ')})`;
}

function sharesText({ cores }: MeasuredStep): string {
  const known = (['load', 'source', 'server'] as const).flatMap((side) => {
    const core = cores[side];
    return core ? [`${sides[side]} ${formatValue(core.share, 'share', 2)}`] : [];
  });
  return `busiest cores: ${known.join(', ')}`;
}

function updates(perSecond: number): string {
  return `${formatNumber(perSecond)} updates/s`;
}

function ms(value: number): string {
  return formatValue(value, 'ms');
}

function perSecond(deliveries: number): string {
  return `${formatNumber(Math.round(deliveries))} deliveries/s`;
}
