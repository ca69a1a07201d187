import type { Bundle } from '../../bench/local/bundle.ts';
import type { IsolatedOptions } from '../../network/isolated/isolated.ts';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import { defineScenario } from '../../scenarios/define-scenario.ts';
import { type ShortTrial, shortTrial } from './short-trial.ts';

/** For tests only: a few clients, ten updates of 100 bytes a second. */
export const smallScenario = defineScenario({
  name: 'small',
  title: 'Small',
  summary: 'A few clients in one channel.',
  clients: 4,
  origin: 'client',
  arrivals: { kind: 'constant', perSecond: 10 },
  payload: { kind: 'notice', bytes: 100 },
  echo: true,
  pollIntervalMs: 200,
});

type Asked = Omit<ShortTrial, 'isolated' | 'repeat'> & { readonly options?: Omit<IsolatedOptions, 'link' | 'cores'> };

/** For tests only: one short trial in a network of its own. Rejects when the trial fails. */
export async function isolatedTrial(bundle: Bundle, { options = {}, ...asked }: Asked): Promise<CompletedTrial> {
  // Not the first repeat: after it one more client connects for the specimen, and captures would contain it.
  const record = await shortTrial(bundle, { ...asked, isolated: options, repeat: 1 });
  if (record.status === 'failed') throw new Error(`${record.stage}: ${record.reason}`);
  return record;
}
