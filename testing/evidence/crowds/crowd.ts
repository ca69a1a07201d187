import { sum } from 'simple-statistics';
import type { PlannedScenario } from '../../../bench/plan/plan.ts';
import { directRoute } from '../../../network/route/route.ts';
import { type Transport, transportTitles } from '../../../protocol/transport.ts';
import type { CompletedTrial } from '../../../results/schema/schema.ts';
import { crowd, idleCrowd } from '../../../scenarios/catalogue/crowd.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { type Evidence, type Finding, measureTrials } from '../evidence.ts';

const clients = crowd.clients;
const nodes = 9;
const repeats = 2;
const leastPerSecond = 3_000;
const mostBytesPerClient = 30_000;

/** Long polling asks again after each update: at five seconds that would be 20,000 polls a second, more than a core carries. */
const seldom: Scenario = { ...crowd, arrivals: { kind: 'poisson', perSecond: 1 / 15 } };

const transports = ['websocket', 'sse', 'long-polling'] as const satisfies readonly Transport[];

/** 100,000 clients on this machine, both sides, with updates and a broadcast, and once idle. */
export const crowdEvidence: Evidence = {
  summary: '100,000 clients over WebSocket, SSE and long polling: set-up, memory, a broadcast, idle CPU',
  measure: async (say) => {
    const findings: Finding[] = [];
    for (const transport of transports) {
      const scenario = transport === 'long-polling' ? seldom : crowd;
      const busy = await measured(transport, { scenario, repeats, durationMs: 20_000, warmupMs: 5_000 }, say);
      const idle = await measured(transport, { scenario: idleCrowd, repeats: 1, durationMs: 25_000, warmupMs: 0 }, say);
      findings.push(...busy.flatMap(findingsOf), idleFinding(idle[0]!));
    }
    return findings;
  },
};

function measured(transport: Transport, planned: PlannedScenario, say: (line: string) => void) {
  const routes = [{ ...directRoute, nodes }];
  const plan = { transports: [transport], rttMs: 0, scenarios: [planned], seed: 'crowd', routes };
  return measureTrials({ ...plan, network: 'loopback' }, say);
}

function findingsOf(trial: CompletedTrial, repeat: number): readonly Finding[] {
  const what = `${transportTitles[trial.transport]}, ${clients} clients, trial ${repeat + 1}`;
  return [ledgerOf(trial, what), setUpOf(trial, what), memoryOf(trial, what), broadcastOf(trial, what)];
}

function ledgerOf({ ledger, counts }: CompletedTrial, what: string): Finding {
  const { expected, received, lost, duplicated, outOfOrder, faults } = ledger;
  return {
    claim: `${what}: all are connected and the ledger balances`,
    found:
      `${counts.connections} connections, ${received} of ${expected} deliveries, ${lost} lost, ${duplicated} duplicated, ` +
      `${outOfOrder} out of order, ${counts.reconnects} reconnects, ${counts.errors} errors`,
    holds: counts.connections === clients && received === expected && faults.length === 0 && counts.errors === 0,
    figures: { connections: counts.connections, expected, received, lost },
  };
}

function setUpOf({ setUpMs }: CompletedTrial, what: string): Finding {
  const perSecond = (clients * 1000) / setUpMs;
  return {
    claim: `${what}: at least ${leastPerSecond} set-ups a second`,
    found: `${Math.round(perSecond)} a second, all in ${(setUpMs / 1000).toFixed(1)} s`,
    holds: perSecond >= leastPerSecond,
    figures: { setUpsPerSecond: perSecond },
  };
}

function memoryOf({ processes, kernelSlabBytes }: CompletedTrial, what: string): Finding {
  const perClient = (role: 'server' | 'load') =>
    sum(
      processes
        .filter((each) => each.role === role)
        .map(({ connectedRssBytes, idleRssBytes }) => connectedRssBytes - idleRssBytes),
    ) / clients;
  const [server, load] = [perClient('server'), perClient('load')];
  const kernel = ((kernelSlabBytes?.connected ?? Number.NaN) - (kernelSlabBytes?.idle ?? 0)) / clients;
  const kb = (bytes: number) => (bytes / 1000).toFixed(1);
  return {
    claim: `${what}: at most ${mostBytesPerClient / 1000} kB a client for servers, load and kernel together`,
    found: `${kb(server + load + kernel)} kB: servers ${kb(server)}, load ${kb(load)}, kernel (slab) ${kb(kernel)}`,
    holds: server + load + kernel <= mostBytesPerClient,
    figures: { serverBytes: server, loadBytes: load, kernelBytes: kernel },
  };
}

function broadcastOf({ broadcasts, processes, window, ledger }: CompletedTrial, what: string): Finding {
  const sent = broadcasts?.sent ?? [];
  const cpuUs = (role: 'server' | 'load') =>
    (sum(processes.filter((each) => each.role === role).map(({ cpuWindowMs }) => cpuWindowMs)) * 1000) /
    ledger.received;
  return {
    claim: `${what}: a broadcast reaches all`,
    found:
      `${sent.map(({ clients: reached, lastMs }) => `${reached} clients, the last after ${Math.round(lastMs)} ms`).join('; ')}; ` +
      `in the window of ${window.durationMs / 1000} s servers used ${cpuUs('server').toFixed(1)} and load ` +
      `${cpuUs('load').toFixed(1)} µs of CPU a delivery`,
    holds: sent.length > 0 && sent.every((each) => each.clients === clients),
    figures: {
      lastMs: Math.max(...sent.map(({ lastMs }) => lastMs)),
      serverUs: cpuUs('server'),
      loadUs: cpuUs('load'),
    },
  };
}

function idleFinding({ transport, processes, window, counts, ledger }: CompletedTrial): Finding {
  const msPerSecond = (role: 'server' | 'load') =>
    (sum(processes.filter((each) => each.role === role).map(({ cpuWindowMs }) => cpuWindowMs)) * 1000) /
    window.durationMs;
  const [server, load] = [msPerSecond('server'), msPerSecond('load')];
  const usPerMinute = (of: number) => Math.round((of * 1000 * 60) / clients);
  return {
    claim: `${transportTitles[transport]}, ${clients} idle clients: CPU of waiting, heartbeats or holds of 25 s`,
    found:
      `servers ${server.toFixed(0)} ms/s, load ${load.toFixed(0)} ms/s; an idle client costs the servers ` +
      `${usPerMinute(server)} µs a minute; ${counts.heartbeats} heartbeats, ${counts.emptyAnswers} empty answers, ` +
      `${ledger.received} of ${ledger.expected} deliveries`,
    holds: counts.connections === clients && ledger.faults.length === 0,
    figures: { serverMsPerSecond: server, loadMsPerSecond: load, serverUsPerClientMinute: usPerMinute(server) },
  };
}
