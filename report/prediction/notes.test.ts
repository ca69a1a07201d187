import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { predictAll } from '../../analysis/model/prediction/predict.ts';
import type { Question } from '../../analysis/model/prediction/question.ts';
import { directRoute } from '../../network/route/route.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { handCalibration, handPath } from '../../testing/by-hand/plain-calibration.ts';
import { plainPrediction, plainQuestion } from '../../testing/by-hand/plain-prediction.ts';
import { calibrationText, carriesText, missingNotes, predictionNotes } from './notes.ts';

function notesOf(scenario: Partial<Scenario>, given: Partial<Question> = {}): readonly string[] {
  const question = { ...plainQuestion, ...given, scenario: { ...plainQuestion.scenario, clients: 10, ...scenario } };
  return predictionNotes({ question, predictions: predictAll(question, handPath) });
}

/** Those that begin so. */
function startingWith(start: RegExp, notes: readonly string[]): readonly string[] {
  return notes.filter((note) => start.test(note));
}

test('nothing is said where all assumptions hold', () => assert.deepEqual(notesOf({}), []));

describe('a node that sends for most of the time', () => {
  const arrivals = { kind: 'constant', perSecond: 300 } as const;
  // A send of 200 bytes takes 0.022 ms: 300 updates to 100 readers are busy for 66%, to 90 for 59.4%.
  const at = (clients: number) => startingWith(/of its time on sending/, notesOf({ clients, arrivals }, { nodes: 1 }));

  test('above 60%', () => {
    assert.deepEqual(at(100).slice(-1), [
      'Long polling, SSE, WebSocket: a node spends more than 60% of its time on sending. The model counts each send by ' +
        'itself; a busy server sends several at once, so latency is likely to be lower than given.',
    ]);
  });
  test('below 60% of streams', () => {
    assert.ok(!at(90).some((note) => /SSE|WebSocket/.test(note)));
  });
});

describe('a latency that is mostly sending', () => {
  const at = (clients: number) => startingWith(/of the latency is waiting/, notesOf({ clients }));

  test('above 10%', () => {
    // 0.022 ms · 300 / 2 are 3.3 ms, of 24.
    assert.deepEqual(at(300), [
      'Long polling, SSE, WebSocket: more than 10% of the latency is waiting for the sends to other clients. That is CPU ' +
        'time of the calibrated machine: it holds there alone, and is less certain than the interval of the latency says.',
    ]);
  });
  test('below 10%', () => {
    // 2 ms of 23 for streams; a long poll costs a request, too.
    assert.ok(!at(180).some((note) => /SSE|WebSocket/.test(note)));
    assert.deepEqual(at(10), []);
  });
});

describe('clients of a scenario that ask at different intervals', () => {
  const cohorts = { title: 'Dashboard', pollCohortsMs: [500, 1000, 4000], pollIntervalMs: 1000 };
  const at = (given: Partial<Question> = {}) => startingWith(/different intervals/, notesOf(cohorts, given));

  test('all are taken to ask at one', () => {
    assert.deepEqual(at(), [
      'Short polling: clients of Dashboard ask at 3 different intervals. Here all ask every 1 s; another interval is given ' +
        'with --poll-interval.',
    ]);
  });
  test('one is chosen for a tolerance', () => assert.deepEqual(at({ toleranceMs: 2000 }), []));
});

describe('updates that keep in step with polls', () => {
  const lock = (arrivals: Scenario['arrivals']) => startingWith(/^Short polling: updates/, notesOf({ arrivals }));

  test('of 250 ms with polls of a second: 125 ms either way', () => {
    assert.deepEqual(lock({ kind: 'constant', perSecond: 4 }), [
      'Short polling: updates come at a constant pace and keep in step with the polls. The mean over many clients is as ' +
        'given; that of one client may be up to 125 ms more or less for as long as it is connected.',
    ]);
  });
  test('not of an odd period', () => assert.deepEqual(lock({ kind: 'constant', perSecond: Math.PI }), []));
  test('not at random', () => assert.deepEqual(lock({ kind: 'poisson', perSecond: 2.5 }), []));
});

describe('rare polls', () => {
  const rare = (pollIntervalMs: number) => notesOf({ pollIntervalMs });

  test('beyond a minute', () => {
    assert.deepEqual(rare(60_001), [
      'Short polling: the model takes it that connections stay open between polls. Servers and proxies commonly close one ' +
        'that is idle for a minute, and a poll that has to connect first costs more bytes and CPU than given here.',
    ]);
  });
  test('up to a minute', () => assert.deepEqual(rare(60_000), []));
});

describe('beyond the calibration', () => {
  const at = (times: number) =>
    predictionNotes({
      question: plainQuestion,
      predictions: [plainPrediction({ extrapolation: { times, of: 'publishesPerSecond' } })],
    });

  test('more than ten times', () => {
    assert.deepEqual(at(10.1), [
      'WebSocket: a node or a worker of NGINX has more than 10 times the load that was calibrated. The model lets costs ' +
        'grow in proportion; garbage collection and full caches make them grow faster, so plan with the upper ends of cores and memory.',
    ]);
  });
  test('ten times', () => assert.deepEqual(at(10), []));
  test('what was not calibrated at all', () => {
    assert.deepEqual(at(Number.POSITIVE_INFINITY), [
      'WebSocket: the calibration has no publishes, so cores leave out what they cost.',
    ]);
  });
});

describe('transports that were not calibrated', () => {
  const [short, long, sse, websocket] = predictAll(plainQuestion, handPath);
  const route = {
    ...directRoute,
    name: 'nginx',
    proxy: { kind: 'nginx', balancing: 'ip_hash', mistake: null },
  } as const;

  test('are named, with the command that calibrates them', () => {
    assert.deepEqual(missingNotes([short!, sse!], { route }), [
      'Long polling, WebSocket: the calibration has no costs of them. Make another: pvw calibrate --proxy nginx',
    ]);
    assert.deepEqual(missingNotes([short!, long!, sse!], {}), [
      'WebSocket: the calibration has no costs of it. Make another: pvw calibrate',
    ]);
  });
  test('none', () => assert.deepEqual(missingNotes([short!, long!, sse!, websocket!], { route }), []));
});

test('whose calibration, of when and where', () => {
  assert.equal(
    calibrationText(handCalibration, 'that comes with pvw'),
    'Costs are those of a calibration that comes with pvw: 2026-01-31, pvw 1.0.0, Node.js v20.19.0, Plain CPU, Linux 6.1.0.',
  );
  assert.match(carriesText, /Cores and memory \(c\).* What is marked m holds for that machine alone\.$/);
});
