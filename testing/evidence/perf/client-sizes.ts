import { median } from 'simple-statistics';
import { type CrowdSample, measureCrowd } from '../../perf/crowd-sizes.ts';
import type { Finding } from '../evidence.ts';
import { heavy } from './loads.ts';
import { interleaved, type Part } from './part.ts';
import { ratioFigures, ratioOf, ratioText, spreadFigures } from './ratio.ts';

/** Numbers of WebSocket clients, at the same total of deliveries. */
export const crowdSizes = [1_000, 10_000, 30_000, 100_000] as const;

type Size = (typeof crowdSizes)[number];

const [least, small, , large] = crowdSizes;
const deliveriesPerSecond = 10_000;
/** Connecting 100,000 clients takes half a minute. */
const mostRounds = 3;
const mostSlope = 1.3;
const mostGrowth = 1.15;

const kinds = ['lean', 'ws'] as const;
type Kind = (typeof kinds)[number];
const titles: Readonly<Record<Kind, string>> = { lean: 'lean clients', ws: 'bare ws clients' };

/** The samples of both kinds at a size, one of each a round. */
type Samples = ReadonlyMap<Size, Readonly<Record<Kind, readonly CrowdSample[]>>>;

/** Cost of a delivery and memory of a client, for lean clients and bare ws ones. */
export const sizesPart: Part = async ({ programs, rounds, say }) => {
  const samples = new Map<Size, Readonly<Record<Kind, readonly CrowdSample[]>>>();
  for (const clients of crowdSizes) {
    const size = { scenario: heavy(), clients, deliveriesPerSecond };
    const titleOf = (kind: Kind) => `${grouped(clients)} ${titles[kind]}`;
    const measure = async (kind: Kind) => {
      const sample = await measureCrowd(programs, kind, size);
      say(`${titleOf(kind)}: ${sampleText(sample, clients)}`);
      return sample;
    };
    samples.set(clients, await interleaved(kinds, Math.min(rounds, mostRounds), measure, titleOf));
  }
  return [
    ...crowdSizes.map((size) => costFinding(samples, size)),
    straightFinding(samples),
    slopeFinding(samples),
    growthFinding(samples),
  ];
};

function sampleText({ cpuUs, memoryBytes, senderShare }: CrowdSample, clients: number): string {
  const [kiB, percent] = [memoryBytes / clients / 1024, 100 * senderShare];
  return `${cpuUs.toFixed(2)} µs, ${kiB.toFixed(1)} KiB a client, core of the senders ${percent.toFixed(0)}% busy`;
}

/** The names under which figures of a size are recorded. */
export const sizeName = (size: number, kind: Kind, unit: 'Us' | 'KiB') => `size${size}${kind}${unit}`;

function costFinding(samples: Samples, size: Size): Finding {
  const of = (kind: Kind, unit: 'Us' | 'KiB') =>
    samples.get(size)![kind].map((sample) => (unit === 'Us' ? sample.cpuUs : sample.memoryBytes / size / 1024));
  const ratio = ratioOf(of('lean', 'Us'), of('ws', 'Us'));
  const told = kinds.map(
    (kind) => `${titles[kind]} ${median(of(kind, 'Us')).toFixed(1)} µs, ${median(of(kind, 'KiB')).toFixed(1)} KiB each`,
  );
  const figures = kinds.flatMap((kind) =>
    (['Us', 'KiB'] as const).map((unit) => spreadFigures(sizeName(size, kind, unit), of(kind, unit))),
  );
  return {
    claim: `${grouped(size)} WebSocket clients, ${grouped(deliveriesPerSecond)} deliveries a second: lean clients beside bare ws clients`,
    found: `${ratioText(ratio)}: ${told.join('; ')}`,
    holds: true,
    figures: Object.assign(ratioFigures(`size${size}`, ratio), ...figures) as Readonly<Record<string, number>>,
  };
}

/** What each further client takes, in KiB a round: what the processes take at any size is not in it. */
function furtherKiB(samples: Samples, kind: Kind, from: Size, to: Size): readonly number[] {
  const bytes = (size: Size) => samples.get(size)![kind].map(({ memoryBytes }) => memoryBytes);
  return bytes(to).map((more, round) => (more - bytes(from)[round]!) / (to - from) / 1024);
}

/** Whether memory grows with the clients and not faster. */
function straightFinding(samples: Samples): Finding {
  const [before, after] = [furtherKiB(samples, 'lean', least, small), furtherKiB(samples, 'lean', small, large)];
  const ratio = ratioOf(after, before);
  return {
    claim: `from ${grouped(small)} to ${grouped(large)} a further lean client takes at most ${mostSlope} × the memory of one from ${grouped(least)} to ${grouped(small)}`,
    found: `${ratioText(ratio)}: ${kiB(after)}, ${kiB(before)}`,
    holds: ratio.median <= mostSlope,
    figures: ratioFigures('memoryStraight', ratio, mostSlope),
  };
}

function slopeFinding(samples: Samples): Finding {
  const [lean, ws] = kinds.map((kind) => furtherKiB(samples, kind, small, large)) as [number[], number[]];
  const ratio = ratioOf(lean, ws);
  return {
    claim: `from ${grouped(small)} to ${grouped(large)} a further lean client takes at most ${mostSlope} × the memory of a further bare ws client`,
    found: `${ratioText(ratio)}: ${titles.lean} ${kiB(lean)}, ${titles.ws} ${kiB(ws)}`,
    holds: ratio.median <= mostSlope,
    figures: {
      ...ratioFigures('memorySlope', ratio, mostSlope),
      ...spreadFigures('furtherLeanKiB', lean),
      ...spreadFigures('furtherWsKiB', ws),
    },
  };
}

function kiB(values: readonly number[]): string {
  return `${median([...values]).toFixed(1)} KiB`;
}

function growthFinding(samples: Samples): Finding {
  const growth = (kind: Kind) =>
    samples.get(large)![kind].map(({ cpuUs }, round) => cpuUs / samples.get(small)![kind][round]!.cpuUs);
  const ratio = ratioOf(growth('lean'), growth('ws'));
  const told = kinds.map((kind) => `${titles[kind]} ${median([...growth(kind)]).toFixed(2)} ×`);
  return {
    claim: `from ${grouped(small)} to ${grouped(large)} clients the cost of a delivery grows by at most ${mostGrowth} × what it grows by with bare ws clients`,
    found: `${ratioText(ratio)}: ${told.join(', ')}`,
    holds: ratio.median <= mostGrowth,
    figures: ratioFigures('costGrowth', ratio, mostGrowth),
  };
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
