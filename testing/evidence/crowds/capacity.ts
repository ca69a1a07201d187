import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { capacityOf, type FoundCapacity } from '../../../analysis/capacity/capacity.ts';
import { projectRoot } from '../../../machine/host/project-root.ts';
import { type Transport, transports, transportTitles } from '../../../protocol/transport.ts';
import { readRun } from '../../../results/store/read-run.ts';
import type { Evidence, Finding } from '../evidence.ts';

/** Twice in a row, in blocks that alternate. Each window has as many updates as a second of it carries. */
const searches: readonly { readonly scenario: string; readonly options: readonly string[] }[] = [
  { scenario: 'chat-room', options: ['--rate', '10', '--slo', 'latency.p99<2s', '--from', '50'] },
  { scenario: 'ticker', options: ['--rate', '20', '--slo', 'latency.p95<2s', '--from', '100'] },
];
const within = '80m';
const widest = 1.15;
const fullLoadShare = 0.9;

const run = promisify(execFile);

/** Whether a search finds the same again, and the load side is never what it found. */
export const capacityEvidence: Evidence = {
  summary: 'how many clients a server carries, searched for twice in a row: chat room and ticker, four transports',
  measure: async (say) => {
    const findings: Finding[] = [];
    for (const { scenario, options } of searches) {
      say(`${scenario}: at most ${within}`);
      findings.push(...findingsOf(scenario, await searched(scenario, options)));
    }
    return findings;
  },
};

async function searched(scenario: string, options: readonly string[]): Promise<readonly FoundCapacity[]> {
  const home = mkdtempSync(join(tmpdir(), 'pvw-capacity-evidence-'));
  try {
    const words = ['capacity', scenario, '--over', 'clients', ...options, '--searches', '2', '--within', within];
    const pvw = join(projectRoot, 'bin/pvw.js');
    await run(process.execPath, [pvw, ...words, '--quiet', '--out', 'run'], { cwd: home, maxBuffer: 64 * 2 ** 20 });
    return capacityOf(readRun(join(home, 'run')));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function findingsOf(scenario: string, found: readonly FoundCapacity[]): readonly Finding[] {
  const shares = found.flatMap(({ loadShare }) => loadShare ?? []);
  return [
    ...transports.map((transport) => twiceFinding(scenario, transport, found)),
    {
      claim: `${scenario}: the load side is below 90% of its core in every window that counts as carried`,
      found: `at most ${(Math.max(...shares) * 100).toFixed(0)}%`,
      holds: shares.length > 0 && shares.every((share) => share < fullLoadShare),
    },
  ];
}

function twiceFinding(scenario: string, transport: Transport, found: readonly FoundCapacity[]): Finding {
  const own = found.filter((each) => each.transport === transport);
  const carried = own.flatMap(({ result }) => result.lower ?? []);
  const ratio = Math.max(...carried) / Math.min(...carried);
  const name = `${scenario}${transportTitles[transport].replaceAll(' ', '')}`.replaceAll('-', '');
  return {
    claim: `${scenario}, ${transportTitles[transport]}: the same within 15%, with the server as the limit`,
    found: own
      .map(({ result, limit }) => `${result.kind}: ${result.lower} to ${result.upper} clients, limit ${limit}`)
      .join('; '),
    holds: carried.length === 2 && ratio <= widest && own.every(({ limit }) => limit === 'server'),
    ...(carried.length === 2 && { figures: { [`${name}Clients`]: Math.sqrt(carried[0]! * carried[1]!) } }),
  };
}
