import { stepAfter, windowAt } from '../../analysis/capacity/capacity.ts';
import type { Transport } from '../../protocol/transport.ts';
import type { CapacityPlan } from '../../results/schema/capacity-schema.ts';
import type { CompletedTrial, Run } from '../../results/schema/schema.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { sweptAxes } from '../../scenarios/swept-axes.ts';
import { plainPlan, plainRecord } from '../by-hand/plain-run.ts';
import { plainProcess, plainTrial } from '../by-hand/plain-trial.ts';
import { histogramOf } from './synthetic-histogram.ts';

type Given = {
  /** Of the core of the load processes; absent: 0.5. */
  readonly loadShare?: number;
  /** Windows for which there is time; absent: as many as are asked for. */
  readonly mostWindows?: number;
};

/**
 * For tests only: a run that searched for p99 below 250 ms, of servers that carry so much. Deliveries take 20 ms up to
 * that, and 400 ms beyond.
 */
export function searchedRun(
  range: Pick<CapacityPlan, 'over' | 'least' | 'most'>,
  carried: Partial<Readonly<Record<Transport, number>>>,
  { loadShare = 0.5, mostWindows = 10_000 }: Given = {},
): Run {
  const capacity: CapacityPlan = {
    objective: { quantile: 0.99, limitMs: 250 },
    ...range,
    mostBy: '--to',
    searches: 1,
    withinMs: 3_600_000,
  };
  const scenario = plainPlan.scenario as Scenario;
  const transports = Object.keys(carried) as Transport[];
  const trials = transports.flatMap((transport) => {
    const records: CompletedTrial[] = [];
    for (;;) {
      const step = stepAfter(capacity, scenario, records, records.length >= mostWindows);
      if (step.kind === 'done') return records;
      const durationMs = windowAt(capacity, scenario, step.load);
      const isLate = step.load > carried[transport]!;
      records.push({
        ...windowOf(isLate ? 400 : 20, durationMs, isLate ? loadShare : 0.5),
        transport,
        position: records.length,
        point: { [sweptAxes[range.over].axis]: step.load },
      });
    }
  });
  const plan = { ...plainRecord.plan, transports, trials: 0, capacity };
  return { record: { ...plainRecord, name: 'capacity-plain', plan }, trials };
}

function windowOf(latencyMs: number, durationMs: number, loadShare: number): CompletedTrial {
  const process = (role: 'server' | 'load', core: number, share: number) =>
    plainProcess({ role, name: role === 'server' ? 'server' : 'load-1', core, cpuWindowMs: share * durationMs });
  const serverShare = latencyMs > 250 ? 0.98 : 0.7;
  const plain = plainTrial({ processes: [process('server', 0, serverShare), process('load', 1, loadShare)] });
  return {
    ...plain,
    window: { ...plain.window, durationMs },
    hostCpuWindowMs: serverShare * durationMs,
    updates: { ...plain.updates, accepted: 200 },
    latency: { ...plain.latency, delivery: histogramOf(Array(50).fill(latencyMs), 500) },
  };
}
