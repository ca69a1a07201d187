import { byteLayers } from '../../analysis/figures/byte-layers.ts';
import type { FigureKey } from '../../analysis/figures/figures.ts';
import type { PlannedScenario } from '../../results/schema/schema.ts';
import type { ScenarioCharts } from './charts.ts';

type Scenario = PlannedScenario['scenario'];

/** The texts around one chart of a scenario. */
export type ChartText = {
  readonly kind: keyof ScenarioCharts;
  readonly title: string;
  /** How to read the chart. */
  readonly reading: string;
  /** Explains the result by how the transports work; must hold for any measurement. */
  readonly why: (scenario: Scenario) => string;
  /** The columns of the table for the chart. */
  readonly keys: readonly FigureKey[];
  /** The figure in the text for screen readers. If it was not measured, there is no chart. */
  readonly spoken: FigureKey;
};

/** In the order of the report. */
export const chartTexts: readonly ChartText[] = [
  {
    kind: 'spectrum',
    title: 'How late updates arrive',
    reading:
      'Each line is all deliveries of one transport, the soonest at the left. Every step to the right leaves out nine ' +
      'tenths of what remained: lower is fresher, flatter is steadier. Where a line is faint, fewer than ten updates lie beyond; it ends where a stall of the instrument made the rest.',
    why: ({ origin, semantics }) =>
      `What is sent at once takes ${origin === 'client' ? 'a round trip, up to the server and down again,' : 'half a round trip'} ` +
      `and its turn in the queue of sends. A poll adds what was left of its interval${
        semantics === 'every' ? ', so its line climbs to it' : ', unless something newer took its place'
      }; a long poll adds up to a round trip to what happens while it asks again.`,
    keys: ['latency.p50', 'latency.p90', 'latency.p99', 'latency.p999', 'latency.max', 'latency.mean'],
    spoken: 'latency.p50',
  },
  {
    kind: 'timeline',
    title: 'Latency over the window',
    reading:
      'Each line is the mean of the updates of that moment, its band reaches from the soonest delivery to the latest. A ' +
      'line that rises towards the end is a queue that grows; a peak is something that held everybody up.',
    why: ({ pollCohortsMs }) =>
      'A pushed update waits for the way and the queue only, whenever it happens. A polled one has the interval as the height ' +
      `of the band${pollCohortsMs ? ', here that of the most patient group,' : ''} at every moment: some had just asked.`,
    keys: ['latency.mean', 'latency.max'],
    spoken: 'latency.mean',
  },
  {
    kind: 'bytes',
    title: 'Bytes per client and minute',
    reading:
      'The updates themselves, what each transport wraps around them, what TLS adds where the path has it, and, where the network ' +
      'counts packets, what TCP, IP and Ethernet add.',
    why: ({ encoding, semantics }) =>
      'HTTP sends its headers with every question and every answer, also the empty ones; a stream sent them once, when ' +
      'it connected, and then SSE adds its field names to an update and WebSocket 2 to 10 bytes.' +
      (encoding === 'binary' ? ' SSE is text only: as base64 the payload grows by a third.' : '') +
      (semantics === 'latest'
        ? ' A client that asks seldom gets fewer updates, because newer ones replaced them.'
        : ''),
    keys: [...byteLayers.map(({ figure }) => figure), 'bytes.total', 'bytes.wire'],
    spoken: 'bytes.total',
  },
  {
    kind: 'cpu',
    title: 'Server CPU per published update',
    reading: 'CPU time of all that serves, divided by the updates that were published.',
    why: () =>
      'A question costs the server parsing and an answer with headers, whether or not there is news; on an open stream an ' +
      'update costs a write for each client. So polls cost by time and clients, streams by updates and clients.',
    keys: ['cpu.serving.update', 'cpu.serving.delivery', 'cpu.serving'],
    spoken: 'cpu.serving.update',
  },
  {
    kind: 'memory',
    title: 'Server memory per client',
    reading: 'What the server grew by while the clients connected, divided by them.',
    why: () =>
      'With keep-alive every client holds a socket open, also one that polls; what differs is what the server remembers ' +
      'with it: nothing, a request that waits, or a stream with its buffers.',
    keys: ['memory.server', 'memory.load'],
    spoken: 'memory.server',
  },
  {
    kind: 'stale',
    title: 'Time with a stale view',
    reading: 'Share of time in which what a client shows is not the newest state.',
    why: () =>
      'A view is stale from the instant of an update until it, or a newer one, arrives. So the same latency weighs more ' +
      'the more often things happen, and a view that is always behind a fast stream is stale nearly all the time.',
    keys: ['stale'],
    spoken: 'stale',
  },
];
