import type { Scenario } from '../../../scenarios/scenario.ts';
import type { Interval } from '../cost/interval.ts';
import { hoursPerMonth, type MonthAmounts } from '../prices/price-list.ts';
import type { Prediction } from './predict.ts';

const secondsPerMonth = hoursPerMonth * 3600;
const bitsPerByte = 8;
const gibibyte = 2 ** 30;

/** Bytes on the wire in a month, both ways. */
export function bytesPerMonth({ upBitsPerSecond, downBitsPerSecond }: Prediction): Interval {
  const of = (part: keyof Interval) =>
    ((upBitsPerSecond[part] + downBitsPerSecond[part]) / bitsPerByte) * secondsPerMonth;
  return { value: of('value'), low: of('low'), high: of('high') };
}

/**
 * What is billed for a month. Clouds bill what leaves them; services that hold the connections bill messages over those
 * that stay open, or requests. Each node and each worker of a proxy has a core.
 */
export function monthOf(prediction: Prediction, { payload, inputs }: Scenario): MonthAmounts {
  const { transport, requestsPerSecond, deliveriesPerSecond, publishesPerSecond, nodes, proxyWorkers = 0 } = prediction;
  const isStream = transport === 'websocket' || transport === 'sse';
  const messagesPerSecond =
    (isStream ? deliveriesPerSecond.value : 0) + (transport === 'websocket' ? publishesPerSecond : 0);
  const asked = requestsPerSecond.value + (transport === 'websocket' ? 0 : publishesPerSecond);
  const meanBytes = Math.max(payload.bytes, inputs?.payload.bytes ?? 0);
  return {
    egressBytes: (prediction.downBitsPerSecond.value / bitsPerByte) * secondsPerMonth,
    messages: { count: messagesPerSecond * secondsPerMonth, meanBytes },
    requests: { count: asked * secondsPerMonth, meanBytes },
    connectionMinutes: isStream ? prediction.connections * hoursPerMonth * 60 : 0,
    coreHours: (nodes + proxyWorkers) * hoursPerMonth,
    gibibyteHours: (bytesHeld(prediction) / gibibyte) * hoursPerMonth,
  };
}

function bytesHeld({ memoryBytes, proxyMemoryBytes, kernelBytes }: Prediction): number {
  return memoryBytes.value + (proxyMemoryBytes?.value ?? 0) + kernelBytes;
}
