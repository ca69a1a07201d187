import type { Transport } from '../../protocol/transport.ts';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { type Evidence, type Finding, ledgerFinding, measureTrials, streamScenario } from './evidence.ts';

/** What sets off at an instant: an update of the source, a publish or a poll of a client. */
type Started = 'source' | 'publish' | 'poll';

const ratesPerSecond = [20, 50, 150] as const;
const mostLateUs = 50;
const times = { repeats: 1, durationMs: 5_000, warmupMs: 1_000 };

/** How late the instruments themselves are, where nothing else keeps them. */
export const latenessEvidence: Evidence = {
  summary: 'how late source, publishes and polls set off at 20, 50 and 150 a second: p90 of at most 50 µs',
  measure: async (say) => {
    const findings: Finding[] = [];
    const trials: CompletedTrial[] = [];
    for (const started of ['source', 'publish', 'poll'] as const) {
      for (const perSecond of ratesPerSecond) {
        const [trial] = await measured(started, perSecond, say);
        trials.push(trial!);
        findings.push(finding(started, perSecond, trial!));
      }
    }
    return [...findings, ledgerFinding(trials)];
  },
};

function measured(
  started: Started,
  perSecond: number,
  say: (line: string) => void,
): Promise<readonly CompletedTrial[]> {
  const transport: Transport = started === 'poll' ? 'short-polling' : 'websocket';
  const scenario = streamScenario({ name: `${started}-${perSecond}`, channels: 1, ...loadOf(started, perSecond) });
  const plan = { transports: [transport], rttMs: 0, scenarios: [{ scenario, ...times }], seed: 'lateness' };
  return measureTrials({ ...plan, network: 'loopback' }, say);
}

/** Two clients where only instants of one kind count; a client polls once a second. */
function loadOf(started: Started, perSecond: number): Partial<Scenario> {
  if (started === 'poll') return { clients: perSecond, pollIntervalMs: 1_000, arrivals: poisson(2) };
  return { clients: 2, origin: started === 'source' ? 'server' : 'client', arrivals: poisson(perSecond) };
}

function poisson(perSecond: number): Scenario['arrivals'] {
  return { kind: 'poisson', perSecond };
}

function finding(started: Started, perSecond: number, { lateness, processes }: CompletedTrial): Finding {
  const { count, p50Ms, p90Ms, p99Ms } = lateness[started];
  const us = (ms: number) => `${Math.round(ms * 1000)} µs`;
  const role = started === 'source' ? 'source' : 'load';
  const cpuMs = processes.filter((each) => each.role === role).reduce((sum, { cpuWindowMs }) => sum + cpuWindowMs, 0);
  return {
    claim: `${started}, ${perSecond} a second: p90 of the lateness is at most ${mostLateUs} µs`,
    found:
      `${count} instants, p50 ${us(p50Ms)}, p90 ${us(p90Ms)}, p99 ${us(p99Ms)}; ` +
      `CPU of the ${role} ${((cpuMs / times.durationMs) * 100).toFixed(1)}% of a core`,
    holds: count > 0 && p90Ms * 1000 <= mostLateUs,
    figures: { p50Us: p50Ms * 1000, p90Us: p90Ms * 1000, p99Us: p99Ms * 1000 },
  };
}
