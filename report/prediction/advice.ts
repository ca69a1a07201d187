import { bytesPerMonth } from '../../analysis/model/prediction/month.ts';
import type { Prediction } from '../../analysis/model/prediction/predict.ts';
import type { Question } from '../../analysis/model/prediction/question.ts';
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
      'No transport keeps to the tolerance: the way to a client, and the sends to others before it, take longer. Move the ' +
        'servers closer, or use more nodes.',
    ];
  }
  const polling = fitting.find(({ transport }) => transport === 'short-polling');
  const cheapest = fitting.reduce((best, each) => (costOf(each) < costOf(best) ? each : best));
  if (polling && isCloseTo(polling, cheapest)) {
    return [
      `Short polling is enough: ${toleranceMs === undefined ? '' : 'it keeps to the tolerance, '}no other transport would save ` +
        `${leastDifference * 100}% in bytes and cores together, and any server, proxy and client can do it.`,
    ];
  }
  const simpler = fitting.find(({ transport }) => transport === 'sse');
  if (cheapest.transport === 'websocket' && simpler && isCloseTo(simpler, cheapest)) {
    return [
      `SSE: WebSocket would save less than ${leastDifference * 100}% in bytes and cores together, and SSE is plain HTTP and ` +
        'reconnects by itself. Take WebSocket where clients send a lot, too.',
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
  if (polling.meetsTolerance === false) {
    return 'of those that keep to the tolerance, it costs least in bytes and cores together.';
  }
  const bytes = share(bytesPerMonth(best).value, bytesPerMonth(polling).value);
  const cores = share(coresOf(best), coresOf(polling));
  return `it takes ${bytes} of short polling's bytes and ${cores} of its cores.`;
}

/** In whole percent from 10% on, below with one digit. */
function share(part: number, whole: number): string {
  const percent = (100 * part) / whole;
  return `${percent >= 9.5 ? Math.round(percent) : Number(percent.toPrecision(1))}%`;
}

/** Where many see the same, a poll can be answered by a cache. A max-age is whole seconds (RFC 9111, 5.2.2.1). */
function cacheAdvice({ scenario, toleranceMs }: Question, predictions: readonly Prediction[]): readonly string[] {
  const { clients, channels, origin } = scenario;
  const readers = clients / channels;
  const polling = predictions.find(({ transport }) => transport === 'short-polling');
  if (origin !== 'server' || readers < manyReaders || polling?.pollIntervalMs === undefined) return [];
  if (polling.meetsTolerance === false) return [];
  const maxAgeSeconds = Math.floor((toleranceMs ?? polling.pollIntervalMs) / 2000);
  if (maxAgeSeconds < 1) return [];
  const alike =
    channels === 1 ? 'all clients see the same' : `${significant(readers)} clients of a channel see the same`;
  return [
    `A CDN and ETag: ${alike}, so caches can answer their polls. Give each channel one URL and a max-age of ${maxAgeSeconds} s, ` +
      `and answer an unchanged ETag with 304. Then each edge asks your servers at most ${significant(channels / maxAgeSeconds)} times ` +
      `a second, instead of all clients ${significant(polling.requestsPerSecond.value)} times; the bytes to the clients stay, at the ` +
      "CDN's prices. The max-age adds to the staleness: make the poll interval as much shorter.",
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
    `Clients send messages, ${significant(perClient)} a second each. With polling and SSE each message is a POST with its headers; ` +
      'over WebSocket it is a frame.',
  ];
}
