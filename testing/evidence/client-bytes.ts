import { median } from 'simple-statistics';
import { type ClientImplementation, clientImplementations } from '../../network/route/client-implementation.ts';
import { type Transport, transports, transportTitles } from '../../protocol/transport.ts';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import { notifications } from '../../scenarios/catalogue/notifications.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { type Evidence, type Finding, ledgerFinding, measureTrials } from './evidence.ts';

const rounds = 3;
const mostOff = 0.01;

/** Transports whose bytes do not depend on when something arrives: an update travels alone, whatever comes after it. */
const exact: ReadonlySet<Transport> = new Set(['sse', 'websocket']);

/** Whether lean clients send and receive what library clients do, on the wire too. */
export const clientBytesEvidence: Evidence = {
  summary: 'bytes at the sockets and packets of lean and library clients, same schedule, isolated network',
  measure: async (say) => {
    const trials = new Map<ClientImplementation, CompletedTrial[]>(clientImplementations.map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const client of clientImplementations) trials.get(client)!.push(...(await measured(client, round, say)));
    }
    const [lean, library] = [trials.get('lean')!, trials.get('library')!];
    return [
      ...transports.map((transport) => findingOf(transport, lean, library)),
      ledgerFinding([...lean, ...library]),
    ];
  },
};

/**
 * Updates far enough apart that a long poll brings one each, and so often that every client gets many: how many requests
 * end at an edge of the window then hardly matters.
 */
const steady: Scenario = {
  ...notifications,
  clients: 100,
  channels: 10,
  arrivals: { kind: 'constant', perSecond: 2 },
  pollIntervalMs: 700,
};

function measured(client: ClientImplementation, round: number, say: (line: string) => void) {
  const planned = { scenario: steady, repeats: 1, durationMs: 10_000, warmupMs: 1_000 };
  const plan = { transports, rttMs: 40, scenarios: [planned], seed: `client-bytes-${round}`, client };
  return measureTrials({ ...plan, network: 'isolated' }, say);
}

function findingOf(transport: Transport, lean: readonly CompletedTrial[], library: readonly CompletedTrial[]): Finding {
  const ratios = (of: (trial: CompletedTrial) => number) => {
    const values = (all: readonly CompletedTrial[]) => all.filter((each) => each.transport === transport).map(of);
    const [ours, theirs] = [values(lean), values(library)];
    return ours.map((value, round) => value / theirs[round]!);
  };
  const bytes = ratios(({ bytes: { serverReadBytes, serverWrittenBytes } }) => serverReadBytes + serverWrittenBytes);
  const packets = median(ratios(packetsOf));
  const isSame = exact.has(transport) ? bytes.every((ratio) => ratio === 1) : Math.abs(median(bytes) - 1) <= mostOff;
  return {
    claim:
      `${transportTitles[transport]}: lean clients have ${exact.has(transport) ? 'exactly the' : 'within 1% the'} bytes ` +
      'of library clients at the sockets, and within 1% their packets',
    found: `bytes ${bytes.map((ratio) => ratio.toFixed(5)).join(', ')}; packets ${packets.toFixed(4)} (median of ${rounds})`,
    holds: isSame && Math.abs(packets - 1) <= mostOff,
    figures: { bytesRatio: median(bytes), packetsRatio: packets },
  };
}

function packetsOf({ bytes: { packets } }: CompletedTrial): number {
  if (packets === null) throw new Error('no packets were counted: this needs an isolated network');
  return packets.window.down.packets + packets.window.up.packets;
}
