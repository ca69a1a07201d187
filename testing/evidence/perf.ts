import { median } from 'simple-statistics';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { type Programs, withPerfPrograms } from '../perf/programs.ts';
import type { ReceiverKind } from '../perf/receiver-main.ts';
import { measureReceiver, type ReceiverLoad } from '../perf/receivers.ts';
import type { Evidence, Finding } from './evidence.ts';

/** Each series is measured this often, its members in turns, so that a change of the machine meets all of them. */
const rounds = 5;

type Limit = { readonly kind: ReceiverKind; readonly against: ReceiverKind; readonly most: number };

type Series = {
  readonly name: string;
  readonly load: ReceiverLoad;
  readonly kinds: readonly ReceiverKind[];
  readonly limits: readonly Limit[];
};

/** CPU of our clients beside what they could cost at least, and what they cost before there were lean ones. */
export const perfEvidence: Evidence = {
  summary: 'CPU of a delivery: lean and library clients against bare sockets, ws and undici, interleaved, as ratios',
  measure: (say) =>
    withPerfPrograms(async (programs) => {
      const findings: Finding[] = [];
      for (const series of allSeries) findings.push(...(await measured(programs, series, say)));
      return findings;
    }),
};

/** The load that heavy scenarios put on a core: 40,000 deliveries a second to 2,000 clients, and 8,000 polls a second. */
function heavy(changes: Partial<Scenario>): Scenario {
  const base = findScenario('ticker');
  if (!base) throw new Error('the ticker scenario is gone');
  return { ...base, semantics: 'every', encoding: 'json', clients: 2_000, channels: 100, ...changes };
}

const quotes = { payload: { kind: 'quotes', bytes: 110 } } as const;

const allSeries: readonly Series[] = [
  {
    name: 'WebSocket delivery',
    load: { transport: 'websocket', scenario: heavy(quotes), perSecond: 2_000 },
    kinds: ['net', 'lean', 'ws', 'library'],
    limits: [
      { kind: 'lean', against: 'net', most: 1.15 },
      { kind: 'lean', against: 'ws', most: 0.85 },
    ],
  },
  {
    name: 'SSE delivery',
    load: { transport: 'sse', scenario: heavy(quotes), perSecond: 2_000 },
    kinds: ['net', 'lean', 'library'],
    limits: [{ kind: 'lean', against: 'net', most: 1.2 }],
  },
  {
    name: 'poll, open loop',
    load: { transport: 'short-polling', scenario: heavy(quotes), perSecond: 8_000 },
    kinds: ['net', 'lean', 'undici', 'library'],
    limits: [
      { kind: 'lean', against: 'net', most: 1.15 },
      { kind: 'lean', against: 'undici', most: 0.75 },
    ],
  },
  {
    name: 'poll, closed loop',
    load: { transport: 'long-polling', scenario: heavy({ ...quotes, clients: 10, channels: 10 }), perSecond: 0 },
    kinds: ['net', 'lean', 'undici', 'library'],
    limits: [{ kind: 'lean', against: 'net', most: 1.15 }],
  },
];

async function measured(
  programs: Programs,
  { name, load, kinds, limits }: Series,
  say: (line: string) => void,
): Promise<readonly Finding[]> {
  const cpuUs = new Map<ReceiverKind, number[]>(kinds.map((kind) => [kind, []]));
  for (let round = 0; round < rounds; round++) {
    for (const kind of kinds) {
      const sample = await measureReceiver(programs, kind, load);
      if (!sample) throw new Error(`${name}, ${kind}: the rate was missed; free the machine and measure again`);
      cpuUs.get(kind)!.push(sample.cpuUs);
      say(`${name}, ${kind}: ${sample.cpuUs.toFixed(2)} µs, ${Math.round(sample.perSecond)} a second`);
    }
  }
  const ratio = (kind: ReceiverKind, against: ReceiverKind) =>
    median(cpuUs.get(kind)!.map((us, round) => us / cpuUs.get(against)![round]!));
  const all = kinds.map((kind) => `${kind} ${median(cpuUs.get(kind)!).toFixed(1)} µs`).join(', ');
  const figures = Object.fromEntries(kinds.map((kind) => [`${kind}Us`, median(cpuUs.get(kind)!)]));
  return limits.map(({ kind, against, most }) => ({
    claim: `${name}: ${kind} at most ${most} × ${against}, median of ${rounds} interleaved rounds`,
    found: `${ratio(kind, against).toFixed(3)} × (${all})`,
    holds: ratio(kind, against) <= most,
    figures: { ratio: ratio(kind, against), ...figures },
  }));
}
