import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { geometricMean } from 'simple-statistics';
import { capacityOf, type FoundCapacity } from '../../../analysis/capacity/capacity.ts';
import { projectRoot } from '../../../machine/host/project-root.ts';
import { type Transport, transports, transportTitles } from '../../../protocol/transport.ts';
import { readRun } from '../../../results/store/read-run.ts';
import type { Evidence, Finding } from '../evidence.ts';
import { type CapacitySearch, capacitySearches } from './capacity-searches.ts';

const widest = 1.15;
const fullLoadShare = 0.9;
const units = { clients: 'clients', rate: 'updates a second in each channel' } as const;

const run = promisify(execFile);

/** One for each search, since one takes up to an hour: how much a server carries, and whether a second search agrees. */
export const capacityEvidence: Readonly<Record<string, Evidence>> = Object.fromEntries(
  Object.entries(capacitySearches).map(([name, search]) => [`capacity-${name}`, evidenceOf(search)]),
);

function evidenceOf(search: CapacitySearch): Evidence {
  const often = search.times === 1 ? '' : ', two searches in turns';
  return {
    summary: `how much a server carries: ${search.summary}${often}`,
    measure: async (say) => findingsOf(search, await searched(search, say)),
  };
}

async function searched(search: CapacitySearch, say: (line: string) => void): Promise<readonly FoundCapacity[]> {
  const home = mkdtempSync(join(tmpdir(), 'pvw-capacity-evidence-'));
  try {
    const words = [join(projectRoot, 'bin/pvw.js'), 'capacity', ...search.words];
    const options = ['--searches', String(search.times), '--within', search.within, '--out', 'run'];
    const ended = run(process.execPath, [...words, ...options], { cwd: home, maxBuffer: 64 * 2 ** 20 });
    ended.child.stderr?.on('data', (text: Buffer) => say(text.toString('utf8').trimEnd()));
    await ended;
    return capacityOf(readRun(join(home, 'run')));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function findingsOf(search: CapacitySearch, found: readonly FoundCapacity[]): readonly Finding[] {
  const shares = found.flatMap(({ loadShare }) => loadShare ?? []);
  const measured = transports.filter((transport) => found.some((each) => each.transport === transport));
  return [
    ...measured.map((transport) => carriedFinding(search, transport, found)),
    {
      claim: 'the load side is below 90% of its core in every window that counts as carried',
      found: `at most ${(Math.max(...shares) * 100).toFixed(0)}%`,
      holds: shares.length > 0 && shares.every((share) => share < fullLoadShare),
    },
  ];
}

/** `server` of the figures: 1 if the server was the limit, 0 if the capacity is at least what was carried. */
function carriedFinding(
  { times, over }: CapacitySearch,
  transport: Transport,
  found: readonly FoundCapacity[],
): Finding {
  const own = found.filter((each) => each.transport === transport);
  const carried = own.flatMap(({ result }) => result.lower ?? []);
  const server = own.every(({ limit }) => limit === 'server');
  const finished = carried.length === times && own.every(({ result }) => result.kind !== 'unfinished');
  // Two searches that something else ends agree, whatever the server carries.
  const agrees = server && Math.max(...carried) / Math.min(...carried) <= widest;
  const expected =
    times === 1 ? 'it is found in time, and what limits it' : 'the server is the limit, twice within 15%';
  return {
    claim: `${transportTitles[transport]}: ${expected}`,
    found: own
      .map(({ result, limit }) => `${result.kind}: ${result.lower} to ${result.upper} ${units[over]}, limit ${limit}`)
      .join('; '),
    holds: finished && (times === 1 || agrees),
    ...(carried.length > 0 && {
      figures: { [`${transport} carried`]: geometricMean(carried), [`${transport} server`]: Number(server) },
    }),
  };
}
