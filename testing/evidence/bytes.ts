import { transports } from '../../protocol/transport.ts';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import { type Evidence, type Finding, ledgerFinding, measureTrials } from './evidence.ts';

/** Bytes at both ends of every connection and at the relay between them, counted by three independent processes. */
export const bytesEvidence: Evidence = {
  summary: 'socket bytes of clients, server and relay over whole connections are equal',
  measure: async (say) => {
    const scenarios = ['chat-room', 'online-game', 'live-stream'].map((name) => ({
      scenario: findScenario(name)!,
      repeats: 1,
      durationMs: 5000,
      warmupMs: 2000,
    }));
    const findings: Finding[] = [];
    const all = [];
    for (const rttMs of [40, 0]) {
      const trials = await measureTrials({ transports, rttMs, scenarios, seed: `bytes-${rttMs}` }, say);
      all.push(...trials);
      for (const { scenario, transport, bytes } of trials) {
        const { whole } = bytes;
        const up = [whole.clientWrittenBytes, whole.serverReadBytes, whole.relayUpBytes];
        const down = [whole.clientReadBytes, whole.serverWrittenBytes, whole.relayDownBytes];
        const equal = (counts: readonly (number | null)[]) =>
          new Set(counts.filter((count) => count !== null)).size === 1;
        findings.push({
          claim: `${scenario}, ${transport}, RTT ${rttMs} ms: clients, server${rttMs ? ' and relay' : ''} agree`,
          found: `up ${up.filter((count) => count !== null).join(' = ')}, down ${down.filter((count) => count !== null).join(' = ')}`,
          holds: equal(up) && equal(down),
        });
      }
    }
    return [...findings, ledgerFinding(all)];
  },
};
