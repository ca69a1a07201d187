import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { type IsolatedNetwork, type IsolatedOptions, openIsolatedNetwork } from '../network/isolated.ts';
import { type LinkName, links } from '../network/links.ts';
import { plainLink } from '../network/path.ts';
import type { Route } from '../network/route.ts';
import type { Transport } from '../protocol/transport.ts';
import type { CompletedTrial } from '../results/schema.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { Bundle } from './bundle.ts';
import { createLocalFleet } from './local-fleet.ts';
import { choosePinning } from './pinning.ts';
import { planTrials } from './plan.ts';
import { placementIn } from './run.ts';
import { runTrial } from './trial.ts';

/** For tests only: a few clients whom little is told, each update of 100 bytes. */
export const smallScenario: Scenario = {
  name: 'small',
  title: 'Small',
  summary: 'A few clients in one channel.',
  clients: 4,
  channels: 1,
  origin: 'client',
  arrivals: { kind: 'constant', perSecond: 10 },
  payload: { kind: 'notice', bytes: 100 },
  semantics: 'every',
  encoding: 'json',
  echo: true,
  pollIntervalMs: 200,
  holdMs: 25_000,
  heartbeatMs: 25_000,
};

type Asked = {
  readonly scenario: Scenario;
  readonly transport: Transport;
  /** Absent: direct. */
  readonly route?: Route;
  /** Alone; absent: that of the link. */
  readonly rttMs?: number;
  readonly link?: LinkName;
  readonly warmupMs?: number;
  readonly options?: Omit<IsolatedOptions, 'link' | 'cores'>;
  /** Called when the network is there, before anything runs in it; may hand over another that does more. */
  readonly prepare?: (network: IsolatedNetwork) => Promise<IsolatedNetwork>;
};

/** For tests only: runs one short trial in a network of its own. Rejects when the trial fails. */
export async function isolatedTrial(bundle: Bundle, asked: Asked): Promise<CompletedTrial> {
  const { scenario, transport, route, link, warmupMs = 0, options, prepare } = asked;
  const { rttMs, ...impairments } = link ? links[link].conditions : plainLink(asked.rttMs ?? 0);
  const [trial] = planTrials({
    profile: 'smoke',
    seed: 'isolated',
    transports: [transport],
    rttMs,
    impairments,
    ...(link && { link }),
    network: 'isolated',
    ...(route && { routes: [route] }),
    scenarios: [{ scenario, repeats: 1, durationMs: 1_000, warmupMs }],
  });
  const pinning = choosePinning();
  const opened = await openIsolatedNetwork({ link: trial!.link, cores: pinning.cores, ...options });
  try {
    const network = (await prepare?.(opened)) ?? opened;
    const fleet = createLocalFleet(bundle.programs, pinning, placementIn(network));
    // Sockets of trials in one directory would meet.
    const directory = await mkdtemp(join(bundle.directory, 'trial-'));
    const around = { fleet, network, directory, openFiles: 1_000, onStage: () => {} };
    // Not the first repeat, after which one more client connects for its specimen: captures hold this trial alone.
    const record = await runTrial({ ...trial!, repeat: 1 }, around);
    if (record.status === 'failed') throw new Error(`${record.stage}: ${record.reason}`);
    return record;
  } finally {
    await opened.close();
  }
}
