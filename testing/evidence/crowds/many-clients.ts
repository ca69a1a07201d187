import type { CompletedTrial } from '../../../results/schema/schema.ts';
import { type Evidence, type Finding, ledgerFinding, measureTrials, streamScenario } from '../evidence.ts';

const scenario = streamScenario({
  name: 'ten-thousand',
  clients: 10_000,
  channels: 200,
  arrivals: { kind: 'poisson', perSecond: 0.05 },
});

/** How many clients one server process and one load process can carry here, and what each client costs. */
export const manyClientsEvidence: Evidence = {
  summary: '10,000 WebSocket and 10,000 long-polling clients, direct: ledger and memory',
  measure: async (say) => {
    const planned = { scenario, repeats: 1, durationMs: 20_000, warmupMs: 5_000 };
    const trials = await measureTrials(
      { transports: ['websocket', 'long-polling'], rttMs: 0, scenarios: [planned], seed: 'many' },
      say,
    );
    return [...trials.map(describe), ledgerFinding(trials)];
  },
};

function describe(trial: CompletedTrial): Finding {
  const perClient = (role: 'server' | 'load') => {
    const bytes = trial.processes
      .filter((process) => process.role === role)
      .reduce((sum, { connectedRssBytes, idleRssBytes }) => sum + connectedRssBytes - idleRssBytes, 0);
    return `${(bytes / scenario.clients / 1024).toFixed(1)} KiB`;
  };
  const busiest = Math.max(...trial.processes.map(({ eventLoopUtilization }) => eventLoopUtilization));
  return {
    claim: `${trial.transport}: ${scenario.clients} clients stay connected and their ledger balances`,
    found:
      `${trial.counts.connections} connections, set up in ${(trial.setUpMs / 1000).toFixed(1)} s; ` +
      `${trial.ledger.received} of ${trial.ledger.expected} deliveries; resident memory a client: server ${perClient('server')}, ` +
      `load ${perClient('load')}; busiest event loop ${(busiest * 100).toFixed(0)}%`,
    holds: trial.counts.connections === scenario.clients && trial.ledger.faults.length === 0,
  };
}
