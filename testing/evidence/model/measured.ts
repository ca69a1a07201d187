import { requestsOf, seconds, windowBytes } from '../../../analysis/figures/figure.ts';
import type { CompletedTrial } from '../../../results/schema/schema.ts';

/** What is compared with the model, of one client: times in milliseconds, amounts in a second. */
export type Compared = {
  readonly latencyMs: number;
  readonly requests: number;
  readonly emptyShare: number;
  readonly updatesDown: number;
  readonly framingDown: number;
  readonly framingUp: number;
  readonly packets: number;
};

export const comparedTitles: Readonly<Record<keyof Compared, string>> = {
  latencyMs: 'mean latency',
  requests: 'requests',
  emptyShare: 'empty answers',
  updatesDown: 'updates down',
  framingDown: 'framing down',
  framingUp: 'framing up',
  packets: 'packet headers',
};

/** The windows of a point together. */
export function measuredTogether(
  trials: readonly CompletedTrial[],
  clients: number,
): Compared & { readonly polls: number } {
  const total = (of: (trial: CompletedTrial) => number) => trials.reduce((sum, trial) => sum + of(trial), 0);
  const clientSeconds = clients * total(seconds);
  const deliveries = total(({ latency }) => latency.delivery.count);
  const polls = total(requestsOf);
  return {
    latencyMs: total(({ latency: { delivery } }) => delivery.meanMs * delivery.count) / deliveries,
    requests: polls / clientSeconds,
    emptyShare: polls === 0 ? 0 : total(({ counts }) => counts.emptyAnswers) / polls,
    updatesDown: total((trial) => windowBytes(trial).down.updates) / clientSeconds,
    framingDown: total((trial) => windowBytes(trial).down.framing) / clientSeconds,
    framingUp: total((trial) => windowBytes(trial).up.framing) / clientSeconds,
    packets: total(packetBytes) / clientSeconds,
    polls,
  };
}

/** Headers of packets, with those of polls after the window, which bring fewer updates than others. */
function packetBytes({ bytes }: CompletedTrial): number {
  const { window } = bytes.packets!;
  return window.down.headerBytes + window.up.headerBytes;
}
