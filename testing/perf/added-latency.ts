import type { Site } from '../../bench/fleet/site.ts';
import { openLocalSite } from '../../bench/local/local-site.ts';
import { choosePinning } from '../../bench/local/pinning.ts';
import { type PlannedTrial, planTrials } from '../../bench/plan/plan.ts';
import { runTrial } from '../../bench/trial/trial.ts';
import { defineScenario } from '../../scenarios/define-scenario.ts';
import { cores, startChild } from './child.ts';
import type { Programs } from './programs.ts';
import type { EchoCalls } from './receiving/echo-main.ts';

/** Median delivery latency of a trial, from intended instant to receipt, and of a raw echo over TCP, there and back. */
export type LatencySample = { readonly deliveryUs: number; readonly echoUs: number };

const perSecond = 100;
const payloadBytes = 110;
const echoSeconds = 3;

/** Measures both `rounds` times in turns, on cores that are kept awake as in any run. */
export async function measureLatency(
  programs: Programs,
  rounds: number,
  onSample: (sample: LatencySample) => void,
): Promise<readonly LatencySample[]> {
  // It pins this process to a core, and keeps the cores awake.
  const site = await openLocalSite({ network: 'loopback' }, choosePinning());
  try {
    const samples: LatencySample[] = [];
    const trials = trialsOf(rounds);
    for (let round = 0; round < rounds; round++) {
      const sample = { deliveryUs: await deliveryUs(site, trials[round]!), echoUs: await echoUs(programs) };
      samples.push(sample);
      onSample(sample);
    }
    return samples;
  } finally {
    await site.close();
  }
}

/** Trials of one client over WebSocket, from the real source through the real server, without any delay. */
function trialsOf(rounds: number): readonly PlannedTrial[] {
  const scenario = defineScenario({
    name: 'one-client',
    title: 'One client',
    summary: 'One client that gets an update every 10 ms.',
    clients: 1,
    channels: 1,
    arrivals: { kind: 'constant', perSecond },
    payload: { kind: 'quotes', bytes: payloadBytes },
    semantics: 'every',
    encoding: 'json',
  });
  const trials = planTrials({
    profile: 'perf',
    seed: 'latency',
    transports: ['websocket'],
    rttMs: 0,
    network: 'loopback',
    scenarios: [{ scenario, repeats: rounds, durationMs: 4_000, warmupMs: 2_000 }],
  });
  // A later repeat leaves out what the first one does besides.
  return trials.map((trial) => ({ ...trial, repeat: 1 }));
}

async function deliveryUs(site: Site, planned: PlannedTrial): Promise<number> {
  const { close, ...surroundings } = await site.prepare(planned);
  try {
    const signal = new AbortController().signal;
    const record = await runTrial(planned, { ...surroundings, onStage: () => {}, signal });
    if (record.status === 'failed') throw new Error(`one client: failed (${record.stage}): ${record.reason}`);
    return record.latency.delivery.p50Ms * 1000;
  } finally {
    await close();
  }
}

/** Two bare sockets on two cores: as many bytes there and back, as often. */
async function echoUs(programs: Programs): Promise<number> {
  const near = startChild<EchoCalls>(programs.echo, cores.measured);
  const far = startChild<EchoCalls>(programs.echo, cores.otherEnd);
  try {
    const port = await far.ask('listen');
    return await near.ask('ping', { port, perSecond, seconds: echoSeconds, bytes: payloadBytes });
  } finally {
    await Promise.all([near.end(), far.end()]);
  }
}
