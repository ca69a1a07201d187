import type { Scenario } from '../../../scenarios/scenario.ts';
import type { Interval } from '../cost/interval.ts';
import { costOfMonth, type MonthCost } from '../prices/cost-of-month.ts';
import { hoursPerMonth, type MonthAmounts, type PriceList } from '../prices/price-list.ts';
import type { Prediction } from './predict.ts';
import { memoryInAll } from './totals.ts';

const secondsPerMonth = hoursPerMonth * 3600;
const bitsPerByte = 8;
const gibibyte = 2 ** 30;

/** Bytes on the wire in a month, both ways. */
export function bytesPerMonth({ upBitsPerSecond, downBitsPerSecond }: Prediction): Interval {
  const of = (part: keyof Interval) =>
    ((upBitsPerSecond[part] + downBitsPerSecond[part]) / bitsPerByte) * secondsPerMonth;
  return { value: of('value'), low: of('low'), high: of('high') };
}

/** A bill by what is expected, and by the lower and the upper ends of all that is billed. */
export type MonthCosts = Readonly<Record<keyof Interval, MonthCost>>;

/** What a month of a load costs by a price list. */
export function costsOfMonth(prices: PriceList, prediction: Prediction, scenario: Scenario): MonthCosts {
  const of = (part: keyof Interval) => costOfMonth(prices, monthOf(prediction, scenario, part));
  return { value: of('value'), low: of('low'), high: of('high') };
}

/**
 * What is billed for a month. Clouds bill what leaves them; services that hold the connections bill messages over those
 * that stay open, or requests. Each node and each worker of a proxy has a core.
 */
export function monthOf(
  prediction: Prediction,
  { payload, inputs }: Scenario,
  part: keyof Interval = 'value',
): MonthAmounts {
  const { transport, requestsPerSecond, deliveriesPerSecond, publishesPerSecond } = prediction;
  const isStream = transport === 'websocket' || transport === 'sse';
  const messagesPerSecond =
    (isStream ? deliveriesPerSecond[part] : 0) + (transport === 'websocket' ? publishesPerSecond : 0);
  const asked = requestsPerSecond[part] + (transport === 'websocket' ? 0 : publishesPerSecond);
  const meanBytes = Math.max(payload.bytes, inputs?.payload.bytes ?? 0);
  return {
    egressBytes: (prediction.downBitsPerSecond[part] / bitsPerByte) * secondsPerMonth,
    messages: { count: messagesPerSecond * secondsPerMonth, meanBytes },
    requests: { count: asked * secondsPerMonth, meanBytes },
    connectionMinutes: isStream ? prediction.connections * hoursPerMonth * 60 : 0,
    coreHours: processesOf(prediction, part) * hoursPerMonth,
    gibibyteHours: (memoryInAll(prediction)[part] / gibibyte) * hoursPerMonth,
  };
}

function processesOf({ nodes, proxyWorkers, sizes }: Prediction, part: keyof Interval): number {
  const size = part === 'value' ? { nodes, workers: proxyWorkers ?? 0 } : sizes[part];
  return size.nodes + (proxyWorkers === undefined ? 0 : size.workers);
}
