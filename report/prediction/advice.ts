import { formatNumber, formatParameter, formatValue } from '../../analysis/figures/format.ts';
import type { Interval } from '../../analysis/model/cost/interval.ts';
import { bytesPerMonth } from '../../analysis/model/prediction/month.ts';
import { type Prediction, predictOne } from '../../analysis/model/prediction/predict.ts';
import type { Question } from '../../analysis/model/prediction/question.ts';
import { coresInAll, memoryInAll } from '../../analysis/model/prediction/totals.ts';
import { transportTitles } from '../../protocol/transport.ts';
import type { PathCalibration } from '../../results/schema/calibration-schema.ts';
import { ratePerSecond } from '../../scenarios/scenario.ts';

/** A difference below this share is no reason to choose. */
const leastDifference = 0.2;
/** Polls whose updates are more than so many times as late as the earliest do not just cost differently. */
const muchLater = 2;
/** Clients of one channel from which a cache in between is worth a word. */
const manyReaders = 100;

/** What was asked and predicted, and by which calibration. */
export type Advised = {
  readonly question: Question;
  readonly predictions: readonly Prediction[];
  readonly path: PathCalibration;
};

/** What to use for a load, with reasons, then what speaks for and against each other; empty if nothing was predicted. */
export function predictionAdvice(advised: Advised): readonly string[] {
  const { question, predictions } = advised;
  if (predictions.length === 0) return [];
  return [...choice(advised), ...cacheAdvice(advised), ...publishAdvice(question, predictions)];
}

function choice({ question, predictions }: Advised): readonly string[] {
  const fitting = predictions.filter(isFitting);
  if (fitting.length === 0) {
    const toleranceText =
      'No transport keeps to the tolerance: the way to a client, and the sends to others before it, take longer. Move the ' +
      'servers closer, or use more nodes.';
    const isCarried = predictions.some(({ overload }) => overload === undefined);
    const overloadText =
      'No transport carries this load as it is. Use more nodes, or spread the clients over more channels.';
    return [isCarried ? toleranceText : overloadText, ...predictions.map(missText)];
  }
  const cheapest = fitting.reduce((best, each) => (costOf(each) < costOf(best) ? each : best));
  const { best, reason } = chosen(question, { fitting, cheapest });
  const others = predictions.filter((each) => each !== best).sort(byCost);
  return [
    `${transportTitles[best.transport]}${reason} ${amountsText(best)}${uncertainText(best)}${certainText(best, fitting)}`,
    ...others.map((other) => comparison(other, best)),
  ];
}

/** Carried, and within the tolerance by what is expected. */
function isFitting({ overload, tolerance }: Prediction): boolean {
  return overload === undefined && tolerance !== 'missed' && tolerance !== 'unlikely';
}

/** Those that do not fit come last. */
function byCost(a: Prediction, b: Prediction): number {
  return Number(isFitting(b)) - Number(isFitting(a)) || costOf(a) - costOf(b);
}

type Choice = { readonly best: Prediction; readonly reason: string };

/** The cheapest, or a simpler one that costs nearly as little. */
function chosen(
  { toleranceMs }: Question,
  { fitting, cheapest }: { readonly fitting: readonly Prediction[]; readonly cheapest: Prediction },
): Choice {
  const polling = fitting.find(({ transport }) => transport === 'short-polling');
  const saves = `save ${leastDifference * 100}% in bytes times cores`;
  if (polling && isCloseTo(polling, cheapest)) {
    const kept = toleranceMs === undefined ? '' : 'it keeps to the tolerance, ';
    const reason = ` is enough: ${kept}no other transport${toleranceMs === undefined ? '' : ' that does'} would ${saves}, and any server, proxy and client can do it.`;
    return { best: polling, reason: `${reason}${laterText(toleranceMs, polling, fitting)}` };
  }
  const simpler = fitting.find(({ transport }) => transport === 'sse');
  if (cheapest.transport === 'websocket' && simpler && isCloseTo(simpler, cheapest)) {
    return { best: simpler, reason: `: WebSocket would not ${saves}, and SSE is plain HTTP and reconnects by itself.` };
  }
  const among = toleranceMs === undefined ? '' : ', of those that keep to the tolerance';
  return { best: cheapest, reason: `: it costs least in bytes times cores${among}.` };
}

/** Without a tolerance nothing says whether late updates are good enough. */
function laterText(toleranceMs: number | undefined, polling: Prediction, fitting: readonly Prediction[]): string {
  const first = fitting.reduce((best, each) => (latencyOf(each) < latencyOf(best) ? each : best));
  if (toleranceMs !== undefined || latencyOf(polling) <= muchLater * latencyOf(first)) return '';
  return (
    ` But its updates come after ${formatValue(latencyOf(polling), 'ms')} on average, those of ${transportTitles[first.transport]} ` +
    `after ${formatValue(latencyOf(first), 'ms')}: if that matters, give --staleness.`
  );
}

function latencyOf({ latency: { mean } }: Prediction): number {
  return mean.value;
}

/** `It takes 13.2 TB a month, 0.484 cores and 3.93 GB of memory in all; updates come after 510 ms on average.` */
function amountsText(found: Prediction): string {
  const servers = found.proxyCores ? 'nodes, NGINX and kernel' : 'nodes and kernel';
  return (
    `It takes ${formatValue(bytesPerMonth(found).value, 'bytes')} a month, ${formatNumber(coresInAll(found).value)} cores and ` +
    `${formatValue(memoryInAll(found).value, 'bytes')} of memory (${servers} together); updates come after ` +
    `${formatValue(latencyOf(found), 'ms')} on average.`
  );
}

function uncertainText({ tolerance, longestStaleness: { low, high } }: Prediction): string {
  if (tolerance !== 'likely') return '';
  const most = Number.isFinite(high) ? ` to ${formatValue(high, 'ms')}` : ' or more';
  return ` Whether it keeps to the tolerance is not certain: by the interval of CPU the longest that an update is unknown is ${formatValue(low, 'ms')}${most}.`;
}

/** What keeps to the tolerance whatever serving costs, if the best may not. */
function certainText({ tolerance }: Prediction, fitting: readonly Prediction[]): string {
  const certain = fitting.filter((each) => each.tolerance === 'kept');
  if (tolerance !== 'likely' || certain.length === 0) return '';
  return ` For certain keeps to it: ${certain.map(({ transport }) => transportTitles[transport]).join(', ')}.`;
}

/** Another transport, as multiples of the one that was chosen. */
function comparison(other: Prediction, best: Prediction): string {
  const compared = (of: (prediction: Prediction) => Interval) => {
    const [its, that] = [of(other), of(best)];
    return { times: times(its, that), isApart: areApart(its, that) };
  };
  const [bytes, cores, memory] = [compared(bytesPerMonth), compared(coresInAll), compared(memoryInAll)];
  const alike = [!cores.isApart && 'cores', !memory.isApart && 'memory'].filter((word) => word !== false);
  const overlap = alike.length > 0 ? ` (intervals of ${alike.join(' and ')} overlap)` : '';
  const amounts =
    `${bytes.times} the bytes, ${cores.times} the cores and ${memory.times} the memory of that${overlap}; updates come after ` +
    `${formatValue(latencyOf(other), 'ms')}.`;
  if (other.overload) return missText(other);
  return isFitting(other)
    ? `${transportTitles[other.transport]} instead: ${amounts}${uncertainText(other)}`
    : `${missText(other)} It takes ${amounts}`;
}

/** What the transport cannot do, or hardly. */
function missText({
  transport,
  overload,
  tolerance,
  nodes,
  serverCores,
  longestStaleness: { value },
}: Prediction): string {
  const title = transportTitles[transport];
  switch (overload) {
    case 'sends':
      return `${title} does not carry this: the sends to the readers of an update last until the next one, so updates queue up without end.`;
    case 'node-core':
      return `${title} does not carry this: it needs ${formatNumber(serverCores.value)} cores, and ${formatNumber(nodes)} ${nodes === 1 ? 'node has one' : 'nodes have one each'}.`;
    case 'proxy-core':
      return `${title} does not carry this: the workers of NGINX are full.`;
    default:
      return `${title} ${tolerance === 'unlikely' ? 'probably misses' : 'misses'} the tolerance: an update may be unknown for ${formatValue(value, 'ms')}.`;
  }
}

function areApart(a: Interval, b: Interval): boolean {
  return a.high < b.low || b.high < a.low;
}

/** `0.96 times`, `8 times`. */
function times(part: Interval, whole: Interval): string {
  return `${formatNumber(part.value / whole.value, 2)} times`;
}

/** Bytes and cores count alike: the geometric mean of both. */
function costOf(prediction: Prediction): number {
  return Math.sqrt(bytesPerMonth(prediction).value * coresInAll(prediction).value);
}

function isCloseTo(prediction: Prediction, cheapest: Prediction): boolean {
  return costOf(prediction) <= costOf(cheapest) / (1 - leastDifference);
}

/** Where many see the same, a poll can be answered by a cache. A max-age is whole seconds (RFC 9111, 5.2.2.1). */
function cacheAdvice({ question, predictions, path }: Advised): readonly string[] {
  const { scenario, toleranceMs } = question;
  const { clients, channels, origin } = scenario;
  const readers = clients / channels;
  const polling = predictions.find(({ transport }) => transport === 'short-polling');
  if (origin !== 'server' || readers < manyReaders || polling?.pollIntervalMs === undefined) return [];
  if (!isFitting(polling)) return [];
  const maxAgeSeconds = Math.floor((toleranceMs ?? polling.pollIntervalMs) / 2000);
  if (maxAgeSeconds < 1) return [];
  const cached = cachedPolling(maxAgeSeconds, question, path) ?? polling;
  const interval = formatParameter(cached.pollIntervalMs!, 'ms');
  const asks =
    toleranceMs === undefined
      ? `Clients still ask every ${interval}, and updates come up to ${maxAgeSeconds} s later`
      : `Clients then ask every ${interval}, since the max-age takes its part of the tolerance`;
  const alike =
    channels === 1 ? 'all clients see the same' : `${significant(readers)} clients of a channel see the same`;
  return [
    `Or short polling through a CDN with ETag, since ${alike}: give each channel one URL and a max-age of ${maxAgeSeconds} s, and answer ` +
      `an unchanged ETag with 304. ${asks}. The CDN answers ${significant(cached.requestsPerSecond.value)} polls a second, and each of its edges asks your ` +
      `servers for each channel once in ${maxAgeSeconds} s at most. That saves nearly all the cores, and takes ` +
      `${formatValue(bytesPerMonth(cached).value, 'bytes')} a month at most, at the CDN's prices.`,
  ];
}

/** With what the max-age leaves of the tolerance; without one polls ask as they did. */
function cachedPolling(maxAgeSeconds: number, question: Question, path: PathCalibration): Prediction | undefined {
  const { toleranceMs } = question;
  if (toleranceMs === undefined) return undefined;
  const found = predictOne('short-polling', { ...question, toleranceMs: toleranceMs - maxAgeSeconds * 1000 }, path);
  return found && isFitting(found) ? found : undefined;
}

function significant(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en-US');
}

/** Messages of clients are what HTTP is worst at. */
function publishAdvice({ scenario }: Question, predictions: readonly Prediction[]): readonly string[] {
  const { origin, inputs, arrivals, channels, clients } = scenario;
  const perSecond =
    (origin === 'client' ? ratePerSecond(arrivals) * channels : 0) +
    (inputs ? ratePerSecond(inputs.arrivals) * clients : 0);
  if (perSecond === 0) {
    const canSend = predictions.some(({ transport }) => transport === 'websocket');
    return canSend
      ? [
          'Clients send nothing in this load. If yours do, predict a scenario whose clients do, such as chat-room: a message is a ' +
            'frame over WebSocket, and a POST with its headers over the others.',
        ]
      : [];
  }
  return [
    `Clients send ${significant(perSecond)} messages a second in all. Over WebSocket each is a frame, over the others a POST with its ` +
      `headers; bytes, cores and connections above contain them. ${uplinkText(origin)}`,
  ];
}

/** Where the time of a message starts. */
function uplinkText(origin: Question['scenario']['origin']): string {
  return origin === 'client'
    ? 'Latency starts when a client sends: half a round trip up to the server, then the way to the others.'
    : 'They go up half a round trip, which is in no latency above: those are of the updates of the server.';
}
