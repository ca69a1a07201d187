import type { FigureKey } from '../../analysis/figures/figures.ts';
import type { Transport } from '../../protocol/transport.ts';

/** The median of the valid repeats of a transport; `undefined` if it was not measured. */
export type Median = (transport: Transport, figure: FigureKey) => number | undefined;

/** A number that a claim is about. */
export type ClaimFigure = {
  readonly of: (median: Median) => number | undefined;
  /** By which share another run may differ: of bytes little, of CPU and memory on another day much. */
  readonly tolerance: number;
};

/** Something that has been published, and the run that measures the same load. `docs/claims.md` tells both. */
export type Claim = {
  /** The words after `pvw`. Claims with the same words share a run. */
  readonly words: string;
  readonly figures: Readonly<Record<string, ClaimFigure>>;
};

const tolerances = { bytes: 0.03, latency: 0.1, cpu: 0.35, memory: 0.3 } as const;

type Kind = keyof typeof tolerances;

function figure(kind: Kind, of: ClaimFigure['of']): ClaimFigure {
  return { of, tolerance: tolerances[kind] };
}

/** How many times as much one transport takes as the other. */
function times(kind: Kind, key: FigureKey, one: Transport, other: Transport): ClaimFigure {
  return figure(kind, (median) => quotient(median(one, key), median(other, key)));
}

function quotient(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined || other === 0 ? undefined : one / other;
}

function total(...parts: readonly (number | undefined)[]): number | undefined {
  return parts.reduce<number | undefined>(
    (sum, part) => (sum === undefined || part === undefined ? undefined : sum + part),
    0,
  );
}

/** Headers and frames of both ways, per client and minute. */
function framing(median: Median, transport: Transport): number | undefined {
  return total(median(transport, 'bytes.down.framing'), median(transport, 'bytes.up.framing'));
}

const browserTicker =
  'run ticker --clients 60 --channels 6 --rate 1 --poll-interval 1s --headers browser --rtt 0 --repeats 3 --duration 10s --transport short-polling,websocket';
const rttMs = 100;
const oneWayMs = rttMs / 2;

/** The published claims. */
const published = {
  'headers-435': {
    words: browserTicker,
    figures: {
      pollBytes: figure('bytes', (median) =>
        total(median('short-polling', 'bytes.request.up'), median('short-polling', 'bytes.request.down')),
      ),
      framingTimes: figure('bytes', (median) =>
        quotient(framing(median, 'short-polling'), framing(median, 'websocket')),
      ),
    },
  },
  'traffic-500': {
    words: browserTicker,
    figures: { wireTimes: times('bytes', 'bytes.wire', 'short-polling', 'websocket') },
  },
  'sse-memory': {
    words: 'run idle-crowd --clients 5000 --channels 250 --rtt 0 --repeats 3 --duration 5s --transport sse,websocket',
    figures: { memoryTimes: times('memory', 'memory.server', 'sse', 'websocket') },
  },
  'sse-cpu': {
    words:
      'run notifications --clients 500 --channels 50 --rate 0.2 --rtt 0 --repeats 3 --duration 10s --transport sse,websocket',
    figures: { cpuTimes: times('cpu', 'cpu.serving', 'sse', 'websocket') },
  },
  'push-cpu': {
    words:
      'run notifications --clients 500 --channels 1 --rate 0.2 --poll-interval 5s --rtt 0 --repeats 3 --duration 15s',
    figures: {
      longPollingTimes: times('cpu', 'cpu.serving', 'long-polling', 'short-polling'),
      sseTimes: times('cpu', 'cpu.serving', 'sse', 'short-polling'),
      webSocketTimes: times('cpu', 'cpu.serving', 'websocket', 'short-polling'),
    },
  },
  'three-transits': {
    words: `run notifications --clients 100 --channels 20 --rate 4 --rtt ${rttMs}ms --repeats 3 --duration 10s --transport long-polling`,
    figures: {
      meanTransits: figure('latency', (median) => quotient(median('long-polling', 'latency.mean'), oneWayMs)),
      longestTransits: figure('latency', (median) => quotient(median('long-polling', 'latency.max'), oneWayMs)),
    },
  },
  'client-cpu': {
    words:
      'run chat-room --rate 5 --client library --rtt 0 --repeats 3 --duration 10s --transport long-polling,websocket',
    figures: {
      longPollingTimes: figure('cpu', (median) =>
        quotient(median('long-polling', 'cpu.load'), median('long-polling', 'cpu.serving')),
      ),
      webSocketTimes: figure('cpu', (median) =>
        quotient(median('websocket', 'cpu.load'), median('websocket', 'cpu.serving')),
      ),
    },
  },
  'long-polling-throughput': {
    words: 'run chat-room --rate 100 --rtt 40ms --repeats 3 --duration 5s --transport long-polling,websocket',
    figures: { cpuTimes: times('cpu', 'cpu.serving.delivery', 'websocket', 'long-polling') },
  },
  'sparse-updates': {
    words:
      'run notifications --clients 200 --channels 200 --rate 0.0033 --poll-interval 30s --rtt 0 --repeats 1 --duration 30s --transport short-polling,websocket',
    figures: { wireTimes: times('bytes', 'bytes.wire', 'websocket', 'short-polling') },
  },
  'bytes-of-an-update': {
    words:
      'run notifications --clients 10 --channels 10 --rate 1 --rtt 0 --repeats 3 --duration 10s --transport long-polling,sse,websocket',
    figures: {
      webSocketTimes: times('bytes', 'bytes.total', 'long-polling', 'websocket'),
      sseTimes: times('bytes', 'bytes.total', 'long-polling', 'sse'),
    },
  },
} as const satisfies Readonly<Record<string, Claim>>;

const chatRoom = 'run chat-room --repeats 3 --duration 10s';

/** What README and docs of this project say. */
const own = {
  'chat-room': {
    words: chatRoom,
    figures: {
      pollingDelayMs: figure('latency', (median) => median('short-polling', 'latency.mean')),
      webSocketDelayMs: figure('latency', (median) => median('websocket', 'latency.mean')),
      pollingWireTimes: times('bytes', 'bytes.wire', 'short-polling', 'websocket'),
      longPollingWireTimes: times('bytes', 'bytes.wire', 'long-polling', 'websocket'),
      sseWireTimes: times('bytes', 'bytes.wire', 'sse', 'websocket'),
    },
  },
} as const satisfies Readonly<Record<string, Claim>>;

export const claims: Readonly<Record<string, Claim>> = { ...published, ...own };
