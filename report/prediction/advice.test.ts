import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { plainPrediction, plainQuestion } from '../../testing/by-hand/plain-prediction.ts';
import { predictionAdvice } from './advice.ts';

/** Bytes and cores as multiples of those of a plain prediction. */
function costing(
  transport: 'short-polling' | 'long-polling' | 'sse' | 'websocket',
  bytes: number,
  cores: number,
  meetsTolerance?: boolean,
) {
  return plainPrediction({
    transport,
    ...(transport === 'short-polling' && { pollIntervalMs: 1000 }),
    ...(meetsTolerance !== undefined && { meetsTolerance }),
    upBitsPerSecond: { value: 1000 * bytes, low: 0, high: 0 },
    downBitsPerSecond: { value: 1000 * bytes, low: 0, high: 0 },
    serverCores: { value: cores, low: 0, high: 0 },
  });
}

describe('what to use', () => {
  const few = { ...plainQuestion, scenario: { ...plainQuestion.scenario, clients: 50, channels: 10 } };

  test('nothing is said of nothing', () => assert.deepEqual(predictionAdvice(few, []), []));

  test('nothing keeps to the tolerance', () => {
    assert.deepEqual(predictionAdvice(few, [costing('short-polling', 1, 1, false), costing('sse', 1, 1, false)]), [
      'No transport keeps to the tolerance: the way to a client, and the sends to others before it, take longer. Move the ' +
        'servers closer, or use more nodes.',
    ]);
  });

  test('short polling, where another saves up to 20%', () => {
    // The geometric mean of 0.64 and 1 is 0.8.
    assert.deepEqual(predictionAdvice(few, [costing('short-polling', 1, 1), costing('websocket', 0.64, 1)]), [
      'Short polling is enough: no other transport would save 20% in bytes and cores together, and any server, proxy and ' +
        'client can do it.',
    ]);
    const kept = predictionAdvice({ ...few, toleranceMs: 1500 }, [costing('short-polling', 1, 1, true)]);
    assert.match(kept[0]!, /^Short polling is enough: it keeps to the tolerance, no other transport would save 20%/);
  });

  test('another, where it saves more', () => {
    assert.deepEqual(predictionAdvice(few, [costing('short-polling', 1, 1), costing('websocket', 0.62, 1)]), [
      "WebSocket: it takes 62% of short polling's bytes and 100% of its cores.",
    ]);
  });

  test('both ways of bytes, and NGINX, count', () => {
    const polling = costing('short-polling', 1, 1);
    const other = { ...costing('long-polling', 0.05, 0.02), proxyCores: { value: 0.01, low: 0, high: 0 } };
    assert.deepEqual(predictionAdvice(few, [polling, other]), [
      "Long polling: it takes 5% of short polling's bytes and 3% of its cores.",
    ]);
  });

  test('just below 10% is no power of ten', () => {
    const advice = predictionAdvice(few, [costing('short-polling', 1, 1), costing('websocket', 0.097, 0.0941)]);
    assert.deepEqual(advice, ["WebSocket: it takes 10% of short polling's bytes and 9% of its cores."]);
  });

  test('SSE, where WebSocket would save less than 20%', () => {
    const polling = costing('short-polling', 10, 10);
    assert.deepEqual(predictionAdvice(few, [polling, costing('sse', 1, 1), costing('websocket', 0.64, 1)]), [
      'SSE: WebSocket would save less than 20% in bytes and cores together, and SSE is plain HTTP and reconnects by itself. ' +
        'Take WebSocket where clients send a lot, too.',
    ]);
    const more = predictionAdvice(few, [polling, costing('sse', 1, 1), costing('websocket', 0.62, 1)]);
    assert.match(more[0]!, /^WebSocket: it takes 6% of short polling's bytes and 10% of its cores/);
  });

  test('of those that keep to the tolerance alone', () => {
    const late = costing('short-polling', 1, 1, false);
    assert.deepEqual(predictionAdvice(few, [late, costing('sse', 2, 2, true), costing('long-polling', 3, 3, true)]), [
      'SSE: of those that keep to the tolerance, it costs least in bytes and cores together.',
    ]);
  });

  test('without polling to compare with', () => {
    assert.deepEqual(predictionAdvice(few, [costing('sse', 1, 1), costing('websocket', 2, 2)]), [
      'SSE: it costs least in bytes and cores together.',
    ]);
  });
});

describe('a cache', () => {
  const scenario = { ...plainQuestion.scenario, clients: 1000, channels: 10 };
  const polling = {
    ...costing('short-polling', 1, 1),
    pollIntervalMs: 4000,
    requestsPerSecond: { value: 250, low: 0, high: 0 },
  };
  const said = (given: Partial<typeof scenario> = {}, altered: Partial<typeof polling> = {}, toleranceMs?: number) =>
    predictionAdvice({ ...plainQuestion, scenario: { ...scenario, ...given }, ...(toleranceMs && { toleranceMs }) }, [
      { ...polling, ...altered },
    ]).filter((sentence) => sentence.startsWith('A CDN'));

  test('with half the interval as max-age: ten channels, every other second', () => {
    assert.deepEqual(said(), [
      'A CDN and ETag: 100 clients of a channel see the same, so caches can answer their polls. Give each channel one URL ' +
        'and a max-age of 2 s, and answer an unchanged ETag with 304. Then each edge asks your servers at most 5 times a ' +
        "second, instead of all clients 250 times; the bytes to the clients stay, at the CDN's prices. The max-age adds to " +
        'the staleness: make the poll interval as much shorter.',
    ]);
  });

  test('with half the tolerance, in whole seconds', () => {
    assert.match(said({}, {}, 7999)[0]!, /max-age of 3 s.* at most 3\.3 times a second/);
  });

  test('in one channel', () => {
    assert.match(said({ channels: 1 })[0]!, /^A CDN and ETag: all clients see the same, so/);
  });

  test('only with 100 readers of a channel', () => assert.deepEqual(said({ clients: 999 }), []));
  test('only of what a server says', () => assert.deepEqual(said({ origin: 'client' }), []));
  test('only if polling keeps to the tolerance', () => assert.deepEqual(said({}, { meetsTolerance: false }, 7999), []));
  test('only for a second or more', () => {
    assert.deepEqual(said({}, { pollIntervalMs: 1999 }), []);
    assert.equal(said({}, { pollIntervalMs: 2000 }).length, 1);
  });
});

describe('clients that send', () => {
  const said = (given: object) =>
    predictionAdvice(
      { ...plainQuestion, scenario: { ...plainQuestion.scenario, clients: 10, channels: 5, ...given } },
      [costing('sse', 1, 1)],
    ).slice(1);
  const inputs = (perSecond: number) => ({
    arrivals: { kind: 'constant', perSecond },
    payload: { kind: 'reaction', bytes: 60 },
  });
  const text = (rate: string) =>
    `Clients send messages, ${rate} a second each. With polling and SSE each message is a POST with its headers; over ` +
    'WebSocket it is a frame.';

  test('a message a second', () => assert.deepEqual(said({ inputs: inputs(1) }), [text('1')]));
  test('less is no reason', () => assert.deepEqual(said({ inputs: inputs(0.99) }), []));
  test('updates of their own count', () => {
    const origin = { origin: 'client', arrivals: { kind: 'constant', perSecond: 3 } };
    assert.deepEqual(said(origin), [text('1.5')]);
    assert.deepEqual(said({ ...origin, inputs: inputs(2.25) }), [text('3.8')]);
  });
});
