import { bytesPerMonth } from '../../analysis/model/prediction/month.ts';
import type { Prediction, Question } from '../../analysis/model/prediction/predict.ts';
import { transportTitles } from '../../protocol/transport.ts';
import { ratePerSecond } from '../../scenarios/scenario.ts';

/** A difference below this share is no reason to choose. */
const leastDifference = 0.2;
/** Clients of one channel from which a cache in between is worth a word. */
const manyReaders = 100;

/** What to use for a load, each with its reason; empty if nothing was predicted. */
export function predictionAdvice(question: Question, predictions: readonly Prediction[]): readonly string[] {
  if (predictions.length === 0) return [];
  return [...choice(question, predictions), ...cacheAdvice(question, predictions), ...publishAdvice(question)];
}

function choice({ toleranceMs }: Question, predictions: readonly Prediction[]): readonly string[] {
  const fitting = predictions.filter(({ meetsTolerance }) => meetsTolerance !== false);
  if (fitting.length === 0) {
    return [
      'No transport keeps to the tolerance over this distance: the way alone takes longer. Move the servers closer.',
    ];
  }
  const polling = fitting.find(({ transport }) => transport === 'short-polling');
  const cheapest = fitting.reduce((best, each) => (costOf(each) < costOf(best) ? each : best));
  if (polling && isCloseTo(polling, cheapest)) {
    return [
      `Short polling is enough: it keeps to ${toleranceMs === undefined ? 'its interval' : 'the tolerance'}, no other ` +
        `transport costs less by ${leastDifference * 100}% in bytes and cores together, and any server, proxy and client can do it.`,
    ];
  }
  const simpler = fitting.find(({ transport }) => transport === 'sse');
  if (cheapest.transport === 'websocket' && simpler && isCloseTo(simpler, cheapest)) {
    return [
      `SSE: it costs within ${leastDifference * 100}% of WebSocket in bytes and cores, is plain HTTP, and comes back by itself. ` +
        'Take WebSocket where clients send much too.',
    ];
  }
  return [`${transportTitles[cheapest.transport]}: ${reasonFor(cheapest, predictions)}`];
}

/** Bytes and cores count alike: the geometric mean of both. */
function costOf(prediction: Prediction): number {
  return Math.sqrt(bytesPerMonth(prediction).value * coresOf(prediction));
}

function coresOf({ serverCores, proxyCores }: Prediction): number {
  return serverCores.value + (proxyCores?.value ?? 0);
}

function isCloseTo(prediction: Prediction, cheapest: Prediction): boolean {
  return costOf(prediction) <= costOf(cheapest) / (1 - leastDifference);
}

function reasonFor(best: Prediction, predictions: readonly Prediction[]): string {
  const polling = predictions.find(({ transport }) => transport === 'short-polling');
  if (!polling || polling === best) return 'it costs least in bytes and cores together.';
  const bytes = share(bytesPerMonth(best).value, bytesPerMonth(polling).value);
  const cores = share(coresOf(best), coresOf(polling));
  return `it takes ${bytes} of short polling's bytes and ${cores} of its cores.`;
}

function share(part: number, whole: number): string {
  const percent = (100 * part) / whole;
  return `${percent >= 10 ? Math.round(percent) : percent.toPrecision(1)}%`;
}

/** Where many see the same, a poll can be answered by a cache. */
function cacheAdvice({ scenario, toleranceMs }: Question, predictions: readonly Prediction[]): readonly string[] {
  const readers = scenario.clients / scenario.channels;
  const polling = predictions.find(({ transport }) => transport === 'short-polling');
  if (scenario.origin !== 'server' || readers < manyReaders || polling?.pollIntervalMs === undefined) return [];
  if (polling.meetsTolerance === false) return [];
  const perEdge = (1000 * scenario.channels) / polling.pollIntervalMs;
  const alike = scenario.channels === 1 ? 'all clients see the same' : `${significant(readers)} clients see the same`;
  return [
    `A CDN and ETag: ${alike}, so caches can answer their polls. Give each channel one URL, a max-age of ` +
      `${toleranceMs === undefined ? 'half the interval' : 'half the tolerance'}, and answer an unchanged ETag with 304. Your servers then ` +
      `get ${significant(perEdge)} requests a second from each edge, not ${significant(polling.requestsPerSecond.value)} from the ` +
      'clients; the bytes to the clients stay, at the prices of the CDN. The max-age adds to the staleness: poll as much more often.',
  ];
}

function significant(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en-US');
}

/** Messages of clients are what HTTP is worst at. */
function publishAdvice({ scenario }: Question): readonly string[] {
  const { origin, inputs, arrivals, channels, clients } = scenario;
  const perClient =
    (origin === 'client' ? (ratePerSecond(arrivals) * channels) / clients : 0) +
    (inputs ? ratePerSecond(inputs.arrivals) : 0);
  if (perClient < 1) return [];
  return [
    `Clients send ${significant(perClient)} messages a second each. With polling and SSE every one is a POST with its headers; a ` +
      'WebSocket carries it in a frame.',
  ];
}
