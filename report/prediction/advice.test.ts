import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Prediction } from '../../analysis/model/prediction/predict.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { handPath } from '../../testing/by-hand/plain-calibration.ts';
import { plainPrediction, plainQuestion } from '../../testing/by-hand/plain-prediction.ts';
import { predictionAdvice } from './advice.ts';

/** Bytes and cores as multiples of round ones, with intervals of ten percent either way. */
function costing(
  transport: 'short-polling' | 'long-polling' | 'sse' | 'websocket',
  bytes: number,
  cores: number,
  altered: Partial<Prediction> = {},
) {
  return plainPrediction({
    transport,
    ...(transport === 'short-polling' && { pollIntervalMs: 1000 }),
    upBitsPerSecond: { value: 1000 * bytes, low: 0, high: 0 },
    downBitsPerSecond: { value: 1000 * bytes, low: 0, high: 0 },
    serverCores: { value: cores, low: 0.9 * cores, high: 1.1 * cores },
    memoryBytes: exactly(1e9),
    kernelBytes: 0,
    latency: latencyOf(transport === 'short-polling' ? 40 : 21),
    ...altered,
  });
}

function exactly(value: number) {
  return { value, low: value, high: value };
}

function latencyOf(ms: number) {
  return { mean: exactly(ms), p50: exactly(ms), p95: exactly(ms) };
}

const few = { ...plainQuestion, scenario: { ...plainQuestion.scenario, clients: 50, channels: 10 } };

/** Of what to use, the choice and what speaks for and against the others. */
function choiceOf(predictions: readonly Prediction[], toleranceMs?: number): readonly string[] {
  const question = { ...few, ...(toleranceMs && { toleranceMs }) };
  return predictionAdvice({ question, predictions, path: handPath }).filter((text) => !/^Clients send/.test(text));
}

// 2,000 bit/s for 730 hours.
const taken = (bytes: string, cores: string, ms: string) =>
  `It takes ${bytes} a month, ${cores} cores and 1.00 GB of memory (nodes and kernel together); updates come after ${ms} on average.`;

describe('what to use', () => {
  test('nothing is said of nothing', () => assert.deepEqual(choiceOf([]), []));

  test('nothing keeps to the tolerance', () => {
    const missed = { tolerance: 'missed', longestStaleness: exactly(3100) } as const;
    const unlikely = { tolerance: 'unlikely', longestStaleness: exactly(1100) } as const;
    assert.deepEqual(choiceOf([costing('short-polling', 1, 1, missed), costing('sse', 1, 1, unlikely)], 1000), [
      'No transport keeps to the tolerance: the way to a client, and the sends to others before it, take longer. Move the ' +
        'servers closer, or use more nodes.',
      'Short polling misses the tolerance: an update may be unknown for 3.10 s.',
      'SSE probably misses the tolerance: an update may be unknown for 1.10 s.',
    ]);
  });

  test('nothing carries the load', () => {
    const full = { overload: 'node-core', nodes: 2, serverCores: exactly(2.5) } as const;
    assert.deepEqual(
      choiceOf([
        costing('short-polling', 1, 1, full),
        costing('long-polling', 1, 1, { ...full, nodes: 1 }),
        costing('sse', 1, 1, { overload: 'sends' }),
        costing('websocket', 1, 1, { overload: 'proxy-core' }),
      ]),
      [
        'No transport carries this load as it is. Use more nodes, or spread the clients over more channels.',
        'Short polling does not carry this: it needs 2.50 cores, and 2 nodes have one each.',
        'Long polling does not carry this: it needs 2.50 cores, and 1 node has one.',
        'SSE does not carry this: the sends to the readers of an update last until the next one, so updates queue up without end.',
        'WebSocket does not carry this: the workers of NGINX are full.',
      ],
    );
  });

  test('what does not carry the load is no choice, however cheap, and comes last', () => {
    const found = choiceOf([
      costing('long-polling', 0, 0, { overload: 'sends', latency: latencyOf(Number.POSITIVE_INFINITY) }),
      costing('sse', 2, 2),
      costing('websocket', 1, 1),
    ]);
    assert.deepEqual(
      found.map((text) => text.split(/:| instead| does/)[0]),
      ['WebSocket', 'SSE', 'Long polling'],
    );
  });

  test('short polling, where another saves up to 20%', () => {
    // The geometric mean of 0.64 and 1 is 0.8.
    assert.deepEqual(choiceOf([costing('short-polling', 1, 1), costing('websocket', 0.64, 1)]), [
      'Short polling is enough: no other transport would save 20% in bytes times cores, and any server, proxy and ' +
        `client can do it. ${taken('657 MB', '1', '40.0 ms')}`,
      'WebSocket instead: 0.64 times the bytes, 1 times the cores and 1 times the memory of that (intervals of cores and memory overlap); ' +
        'updates come after 21.0 ms.',
    ]);
    const kept = choiceOf([costing('short-polling', 1, 1, { tolerance: 'kept' })], 1500);
    assert.match(
      kept[0]!,
      /^Short polling is enough: it keeps to the tolerance, no other transport that does would save 20%/,
    );
  });

  test('short polling whose updates are more than twice as late, where nothing was said of how late they may be', () => {
    const [slow, fast] = [costing('short-polling', 1, 1, { latency: latencyOf(43) }), costing('sse', 1, 1)];
    const later =
      'But its updates come after 43.0 ms on average, those of SSE after 21.0 ms: if that matters, give --staleness.';
    assert.ok(choiceOf([slow, fast])[0]!.includes(later));
    assert.ok(!choiceOf([slow, fast], 1500)[0]!.includes('But'));
    assert.ok(!choiceOf([costing('short-polling', 1, 1, { latency: latencyOf(42) }), fast])[0]!.includes('But'));
  });

  test('another, where it saves more; the next best comes first', () => {
    const all = [costing('short-polling', 1, 1), costing('long-polling', 3, 3), costing('websocket', 0.62, 1)];
    assert.deepEqual(choiceOf(all), [
      `WebSocket: it costs least in bytes times cores. ${taken('407 MB', '1', '21.0 ms')}`,
      'Short polling instead: 1.6 times the bytes, 1 times the cores and 1 times the memory of that (intervals of cores and memory overlap); ' +
        'updates come after 40.0 ms.',
      'Long polling instead: 4.8 times the bytes, 3 times the cores and 1 times the memory of that (intervals of memory overlap); ' +
        'updates come after 21.0 ms.',
    ]);
  });

  test('both ways of bytes, and NGINX, count', () => {
    const proxyCores = { value: 0.01, low: 0.01, high: 0.01 };
    const other = costing('long-polling', 0.05, 0.02, { proxyCores, proxyMemoryBytes: exactly(5e8) });
    const [best] = choiceOf([costing('short-polling', 1, 1), other]);
    assert.match(
      best!,
      /It takes 32\.9 MB a month, 0\.0300 cores and 1\.50 GB of memory \(nodes, NGINX and kernel together\)/,
    );
  });

  test('SSE, where WebSocket would save less than 20%', () => {
    const polling = costing('short-polling', 10, 10);
    assert.match(
      choiceOf([polling, costing('sse', 1, 1), costing('websocket', 0.64, 1)])[0]!,
      /^SSE: WebSocket would not save 20% in bytes times cores, and SSE is plain HTTP and reconnects by itself\. It takes/,
    );
    assert.match(
      choiceOf([polling, costing('sse', 1, 1), costing('websocket', 0.62, 1)])[0]!,
      /^WebSocket: it costs least/,
    );
  });

  test('of those that keep to the tolerance alone', () => {
    const late = costing('short-polling', 1, 1, { tolerance: 'missed', longestStaleness: exactly(3100) });
    const kept = { tolerance: 'kept' } as const;
    const found = choiceOf([late, costing('sse', 2, 2, kept), costing('long-polling', 3, 3, kept)], 1000);
    assert.match(found[0]!, /^SSE: it costs least in bytes times cores, of those that keep to the tolerance\./);
    assert.match(
      found[2]!,
      /^Short polling misses the tolerance: an update may be unknown for 3\.10 s\. It takes 0\.50 times the bytes/,
    );
  });

  test('one that probably keeps to it, and what does for certain', () => {
    const longestStaleness = { value: 900, low: 700, high: 1500 };
    const likely = costing('sse', 1, 1, { tolerance: 'likely', longestStaleness });
    assert.match(
      choiceOf([likely], 1000)[0]!,
      /Whether it keeps to the tolerance is not certain: by the interval of CPU the longest that an update is unknown is 700 ms to 1\.50 s\.$/,
    );
    const open = { ...likely, longestStaleness: { ...longestStaleness, high: Number.POSITIVE_INFINITY } };
    assert.match(choiceOf([open], 1000)[0]!, /an update is unknown is 700 ms or more\.$/);
    const kept = costing('short-polling', 9, 9, { tolerance: 'kept' });
    assert.match(choiceOf([likely, kept], 1000)[0]!, / For certain keeps to it: Short polling\.$/);
  });
});

describe('a cache', () => {
  const scenario = { ...plainQuestion.scenario, clients: 1000, channels: 10 };
  const polling = costing('short-polling', 1, 1, { pollIntervalMs: 4000, requestsPerSecond: exactly(250) });
  const said = (given: Partial<Scenario> = {}, altered: Partial<Prediction> = {}, toleranceMs?: number) =>
    predictionAdvice({
      question: { ...plainQuestion, scenario: { ...scenario, ...given }, ...(toleranceMs && { toleranceMs }) },
      predictions: [{ ...polling, ...altered }],
      path: handPath,
    }).filter((sentence) => sentence.startsWith('Or short polling through a CDN'));

  test('with half the interval as max-age: ten channels, every other second', () => {
    assert.deepEqual(said(), [
      'Or short polling through a CDN with ETag, since 100 clients of a channel see the same: give each channel one URL and a ' +
        'max-age of 2 s, and answer an unchanged ETag with 304. Clients still ask every 4 s, and updates come up to 2 s later. ' +
        'The CDN answers 250 polls a second, and each of its edges asks your servers for each channel once in 2 s at most. That saves ' +
        "nearly all the cores, and takes 657 MB a month at most, at the CDN's prices.",
    ]);
  });

  test('with half the tolerance, in whole seconds; polls have the other half', () => {
    // 7,999 − 3,000 ms and a way of 21 ms leave 4,978: 4.9 s.
    assert.match(
      said({}, {}, 7999)[0]!,
      /max-age of 3 s.*Clients then ask every 4\.9 s, since the max-age takes its part of the tolerance\. The CDN answers 200 polls a second, .* once in 3 s at most/,
    );
  });

  test('in one channel', () => {
    assert.match(
      said({ channels: 1 })[0]!,
      /^Or short polling through a CDN with ETag, since all clients see the same: /,
    );
  });

  test('only with 100 readers of a channel', () => assert.deepEqual(said({ clients: 999 }), []));
  test('only of what a server says', () => assert.deepEqual(said({ origin: 'client' }), []));
  test('only if polling keeps to the tolerance', () => assert.deepEqual(said({}, { tolerance: 'missed' }, 7999), []));
  test('only for a second or more', () => {
    assert.deepEqual(said({}, { pollIntervalMs: 1999 }), []);
    assert.equal(said({}, { pollIntervalMs: 2000 }).length, 1);
  });
});

describe('clients that send', () => {
  const said = (given: object, transport: 'sse' | 'websocket' = 'websocket') =>
    predictionAdvice({
      question: { ...plainQuestion, scenario: { ...plainQuestion.scenario, clients: 10, channels: 5, ...given } },
      predictions: [costing(transport, 1, 1)],
      path: handPath,
    }).slice(1);
  const inputs = (perSecond: number) => ({
    arrivals: { kind: 'constant', perSecond },
    payload: { kind: 'reaction', bytes: 60 },
  });
  const text = (rate: string) =>
    `Clients send ${rate} messages a second in all. Over WebSocket each is a frame, over the others a POST with its headers; ` +
    'bytes, cores and connections above contain them.';
  const ofClients =
    ' Latency starts when a client sends: half a round trip up to the server, then the way to the others.';

  test('inputs of each client', () => {
    assert.deepEqual(said({ inputs: inputs(1.5) }), [
      `${text('15')} They go up half a round trip, which is in no latency above: those are of the updates of the server.`,
    ]);
  });
  test('updates of their own count', () => {
    const origin = { origin: 'client', arrivals: { kind: 'constant', perSecond: 3 } };
    assert.deepEqual(said(origin), [text('15') + ofClients]);
    assert.deepEqual(said({ ...origin, inputs: inputs(2.25) }), [text('38') + ofClients]);
  });
  test('none, where WebSocket could be an answer', () => {
    assert.match(said({})[0]!, /^Clients send nothing in this load\. If yours do, predict a scenario whose clients do/);
    assert.deepEqual(said({}, 'sse'), []);
  });
});
