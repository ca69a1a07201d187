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

/**
 * Options that make a server's core the limit at some thousand clients: more updates than usual where these are rare. An
 * objective is within reach of polling too: its interval, and a second for all else.
 */
const loads: Readonly<Record<string, readonly string[]>> = {
  'chat-room': ['--rate', '10', '--slo', 'latency.p99<2s', '--from', '400'],
  dashboard: ['--rate', '10', '--poll-interval', '1s', '--slo', 'latency.p99<2s', '--from', '400'],
  'online-game': ['--slo', 'latency.p99<300ms', '--from', '200'],
  'live-stream': ['--slo', 'latency.p95<2s', '--from', '200'],
  ticker: ['--slo', 'latency.p95<2s', '--from', '200'],
  notifications: ['--rate', '5', '--poll-interval', '2s', '--slo', 'latency.p99<3s', '--from', '1000'],
  presence: ['--rate', '10', '--slo', 'latency.p99<3s', '--from', '400'],
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
  const load = ['--clients', String(clientsOverRate), '--channels', String(channels), '--slo', 'latency.p99<250ms'];
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
