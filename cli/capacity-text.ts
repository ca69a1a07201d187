import { formatNumber, formatValue } from '../analysis/figures/format.ts';
import type { BusyCore } from '../results/core-use.ts';
import { plainText } from '../text/plain-text.ts';
import { capacityWorkload, fanOut, highestCarried, lowestLimited } from './capacity-ladder.ts';
import type { CapacityLimit, CapacityStep } from './capacity-step.ts';

const notByACore = ', and no core is full';

const sides = { load: 'load side', source: 'source', server: 'server' } as const;

/** One line while the steps go on, and with it how busy the cores were. */
export function stepText(step: CapacityStep): string {
  const { updatesPerSecond, carriedPerSecond, p99Ms, limit } = step;
  const rate = `${formatNumber(updatesPerSecond)} updates/s`;
  if (limit?.what === 'failed') return `${rate}: ${limitText(limit)}`;
  const p99 = p99Ms === null ? '' : `, p99 ${ms(p99Ms)}`;
  const end = limit === null ? '' : `; ${limitText(limit)}`;
  return `${rate}: ${perSecond(carriedPerSecond)}${p99}; ${sharesText(step)}${end}`;
}

/** What the machine carried and what limited first, in two lines. `steps`: at least one. */
export function capacityText(steps: readonly CapacityStep[]): string {
  const carried = highestCarried(steps);
  const limited = lowestLimited(steps);
  const first = carried
    ? `carried: ${perSecond(carried.carriedPerSecond)}${workloadText(carried)}; ${sharesText(carried)}`
    : `carried: not even ${perSecond(steps[0]!.updatesPerSecond * fanOut)}${workloadText(steps[0]!)}`;
  return `${first}\n${limited ? firstLimitText(limited) : 'first limit: none was found in the time'}\n`;
}

function workloadText({ updatesPerSecond }: CapacityStep): string {
  return ` (${formatNumber(updatesPerSecond)} updates/s, ${capacityWorkload})`;
}

function firstLimitText(step: CapacityStep): string {
  const shares = step.limit?.what === 'failed' ? '' : `; ${sharesText(step)}`;
  const at = `at ${formatNumber(step.updatesPerSecond)} updates/s`;
  return `first limit, ${at}: ${limitText(step.limit!)}${shares}`;
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
    case 'failed':
      return `failed: ${limit.stage}: ${plainText(limit.reason)}`;
  }
}

/** `the server's core (server)`; with all that share it. */
function coreText(side: keyof typeof sides, { names }: BusyCore): string {
  return `the ${sides[side]}'s core (${names.join(', ')})`;
}

function sharesText({ cores }: CapacityStep): string {
  const known = (['load', 'source', 'server'] as const).flatMap((side) => {
    const core = cores[side];
    return core ? [`${sides[side]} ${formatValue(core.share, 'share', 2)}`] : [];
  });
  return `busiest cores: ${known.join(', ')}`;
}

function ms(value: number): string {
  return formatValue(value, 'ms');
}

function perSecond(deliveries: number): string {
  return `${formatNumber(Math.round(deliveries))} deliveries/s`;
}
