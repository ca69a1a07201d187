import { findScenario } from '../../../scenarios/catalogue/catalogue.ts';

/** A search for how much a server carries. */
export type CapacitySearch = {
  readonly summary: string;
  /** Of its row in `docs/capacity.md`. */
  readonly title: string;
  readonly over: 'clients' | 'rate';
  /** What follows `pvw capacity`. */
  readonly words: readonly string[];
  readonly times: 1 | 2;
  readonly within: string;
};

/** On a machine of two cores the load side would be full about as soon as a server that had the other one. */
const half = ['--server-cpus', '0.5'];

/**
 * The same objective everywhere, and polls often enough for it. Where updates are rare in a scenario, there are more:
 * otherwise memory ends before a server's core is full. The live stream is a single channel: 100 updates would be a window
 * of 20 s.
 */
const within = [...half, '--poll-interval', '100ms', '--from', '100', '--slo'];
const [strict, lenient] = [
  [...within, 'latency.p99<250ms'],
  [...within, 'latency.p95<250ms'],
];
const loads: Readonly<Record<string, readonly string[]>> = {
  'chat-room': ['--rate', '10', ...strict],
  dashboard: ['--rate', '10', ...strict],
  'online-game': strict,
  'live-stream': lenient,
  ticker: strict,
  notifications: ['--rate', '5', ...strict],
  presence: ['--rate', '10', ...strict],
};

const searchedTwice: readonly string[] = ['chat-room', 'ticker'];

/** Readers of each update, of 600 clients, for searches over the rate. */
const fanOuts = [1, 10, 100] as const;
const clientsOverRate = 600;

/** By the names of their records, after `capacity-`. */
export const capacitySearches: Readonly<Record<string, CapacitySearch>> = {
  ...Object.fromEntries(Object.keys(loads).map((scenario) => [scenario, overClients(scenario)])),
  ...Object.fromEntries(fanOuts.map((fanOut) => [`fan-out-${fanOut}`, overRate(fanOut)])),
};

function overClients(scenario: string): CapacitySearch {
  const times = searchedTwice.includes(scenario) ? 2 : 1;
  const { title } = findScenario(scenario)!;
  return {
    summary: `clients of ${title}`,
    title,
    over: 'clients',
    words: [scenario, '--over', 'clients', ...loads[scenario]!],
    times,
    within: times === 1 ? '30m' : '60m',
  };
}

function overRate(fanOut: number): CapacitySearch {
  const channels = clientsOverRate / fanOut;
  const load = [
    '--clients',
    String(clientsOverRate),
    '--channels',
    String(channels),
    ...half,
    '--slo',
    'latency.p99<250ms',
  ];
  return {
    summary: `updates a second of ticker, with ${readersOf(fanOut)} of each`,
    title: `${readersOf(fanOut)} of each update`,
    over: 'rate',
    words: ['ticker', '--over', 'rate', ...load, '--from', '0.1', '--transport', 'long-polling,sse,websocket'],
    times: 1,
    within: '20m',
  };
}

function readersOf(fanOut: number): string {
  return fanOut === 1 ? '1 reader' : `${fanOut} readers`;
}
