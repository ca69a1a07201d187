import { runLocally } from '../../bench/local/local-site.ts';
import type { Plan, PlannedScenario } from '../../bench/plan/plan.ts';
import type { ClientImplementation } from '../../network/route/client-implementation.ts';
import type { Route } from '../../network/route/route.ts';
import type { Transport } from '../../protocol/transport.ts';
import type { CompletedTrial, TrialRecord } from '../../results/schema/schema.ts';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import type { Scenario } from '../../scenarios/scenario.ts';

/** A claim, what was found about it, and whether it holds. */
export type Finding = {
  readonly claim: string;
  readonly found: string;
  readonly holds: boolean;
  /** Numbers that documents quote, with their unit in the name. */
  readonly figures?: Readonly<Record<string, number>>;
};

/** A measurement that no unit test may judge, because it takes long or has a threshold. */
export type Evidence = {
  readonly summary: string;
  /** `options`: what follows the name on the command line; empty unless `hasOptions`. */
  readonly measure: (say: (line: string) => void, options: readonly string[]) => Promise<readonly Finding[]>;
  readonly hasOptions?: true;
  /** Whether these options measure the whole, so that it is recorded; absent: only without options. */
  readonly isWhole?: (options: readonly string[]) => boolean;
};

export type EvidencePlan = {
  readonly transports: readonly Transport[];
  readonly rttMs: number;
  readonly scenarios: readonly PlannedScenario[];
  readonly seed: string;
  /** As in `Plan`. */
  readonly network?: 'loopback' | 'isolated';
  readonly routes?: readonly Route[];
  readonly client?: ClientImplementation;
  readonly aa?: boolean;
};

/** Runs trials without a run directory and returns their records; a failed trial is an error here. */
export async function measureTrials(
  plan: EvidencePlan,
  say: (line: string) => void,
): Promise<readonly CompletedTrial[]> {
  const records: TrialRecord[] = [];
  const full: Plan = { ...plan, profile: 'evidence' };
  await runLocally({
    plan: full,
    store: {
      append: (record) => {
        records.push(record);
        say(describe(record));
      },
    },
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  return records.map((record) => {
    if (record.status === 'failed') throw new Error(`${record.transport} failed (${record.stage}): ${record.reason}`);
    return record;
  });
}

function describe(record: TrialRecord): string {
  if (record.status === 'failed') return `${record.scenario}, ${record.transport}: failed, ${record.reason}`;
  const { delivery } = record.latency;
  return (
    `${record.scenario}, ${record.transport}: ${delivery.count} deliveries of ${record.updates.accepted} updates, ` +
    `mean ${delivery.meanMs.toFixed(2)} ms, p50 ${delivery.p50Ms.toFixed(2)} ms`
  );
}

/** A scenario for a question of theory: one seeded stream, emitted by the server, small text, nothing conflated. */
export function streamScenario(changes: Partial<Scenario> & Pick<Scenario, 'name'>): Scenario {
  const base = findScenario('ticker');
  if (!base) throw new Error('the ticker scenario is gone');
  return { ...base, semantics: 'every', title: changes.name, summary: 'made for this evidence', ...changes };
}

/** Whether the ledgers of all trials balance. */
export function ledgerFinding(trials: readonly CompletedTrial[]): Finding {
  const sum = (name: 'expected' | 'received' | 'conflated' | 'lost' | 'duplicated' | 'outOfOrder') =>
    trials.reduce((total, { ledger }) => total + ledger[name], 0);
  const faults = trials.flatMap(({ ledger }) => ledger.faults);
  const errors = trials.reduce((total, { counts }) => total + counts.errors, 0);
  return {
    claim: `the ledgers of all ${trials.length} trials balance`,
    found:
      `${sum('expected')} expected, ${sum('received')} received, ${sum('conflated')} conflated, ${sum('lost')} lost, ` +
      `${sum('duplicated')} duplicated, ${sum('outOfOrder')} out of order, ${errors} errors${faults.length ? `; ${faults[0]}` : ''}`,
    holds: faults.length === 0 && errors === 0,
  };
}
