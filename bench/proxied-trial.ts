import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { openIsolatedNetwork } from '../network/isolated.ts';
import { plainLink } from '../network/path.ts';
import { directRoute, type Route } from '../network/route.ts';
import type { Transport } from '../protocol/transport.ts';
import type { TrialRecord } from '../results/schema.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { Bundle } from './bundle.ts';
import { createLocalFleet } from './local-fleet.ts';
import { choosePinning } from './pinning.ts';
import { planTrials } from './plan.ts';
import type { Stage } from './progress.ts';
import { placementIn } from './run.ts';
import type { StormKind } from './storm-kinds.ts';
import { runTrial } from './trial.ts';

type Asked = {
  readonly scenario: Scenario;
  readonly transport: Transport;
  readonly proxy?: Partial<NonNullable<Route['proxy']>>;
  readonly nodes?: number;
  /** TLS up to NGINX. */
  readonly tls?: true;
  readonly rttMs?: number;
  readonly network?: 'loopback' | 'isolated';
  readonly durationMs?: number;
  readonly warmupMs?: number;
  readonly storm?: StormKind;
  readonly onStage?: (stage: Stage) => void;
};

/** For tests only: one short trial through NGINX, over two nodes unless it is said. */
export async function proxiedTrial(bundle: Bundle, asked: Asked): Promise<TrialRecord> {
  const { scenario, transport, rttMs = 0, network = 'loopback', onStage = () => {} } = asked;
  const route: Route = {
    ...directRoute,
    proxy: { kind: 'nginx', balancing: 'ip_hash', mistake: null, ...asked.proxy },
    nodes: asked.nodes ?? 2,
    tls: asked.tls ? { resumption: true } : null,
  };
  const [trial] = planTrials({
    profile: 'smoke',
    seed: 'proxied',
    transports: [transport],
    rttMs,
    network,
    routes: [route],
    ...(asked.storm && { storm: asked.storm }),
    scenarios: [{ scenario, repeats: 1, durationMs: asked.durationMs ?? 1_000, warmupMs: asked.warmupMs ?? 300 }],
  });
  const pinning = choosePinning();
  const isolated =
    network === 'isolated'
      ? await openIsolatedNetwork({ link: plainLink(rttMs), cores: pinning.cores, manyClientAddresses: true })
      : undefined;
  try {
    const fleet = createLocalFleet(bundle.programs, pinning, isolated && placementIn(isolated));
    // Sockets of trials in one directory would meet.
    const directory = await mkdtemp(join(bundle.directory, 'trial-'));
    const around = { fleet, directory, openFiles: 20_000, onStage };
    return await runTrial(trial!, isolated ? { ...around, network: isolated } : around);
  } finally {
    await isolated?.close();
  }
}
