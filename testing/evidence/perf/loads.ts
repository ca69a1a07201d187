import { findScenario } from '../../../scenarios/catalogue/catalogue.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';

/** The load that heavy scenarios put on a core: 2,000 clients in 100 channels, small updates of which every one counts. */
export function heavy(changes: Partial<Scenario> = {}): Scenario {
  const base = findScenario('ticker');
  if (!base) throw new Error('the ticker scenario is gone');
  return {
    ...base,
    semantics: 'every',
    encoding: 'json',
    clients: 2_000,
    channels: 100,
    payload: { kind: 'quotes', bytes: 110 },
    ...changes,
  };
}

/** With 20 clients a channel that is 40,000 deliveries a second. */
export const pushedPerSecond = 2_000;

export const polledPerSecond = 8_000;
