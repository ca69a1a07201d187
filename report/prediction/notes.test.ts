import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Prediction, predictAll } from '../../analysis/model/prediction/predict.ts';
import type { Question } from '../../analysis/model/prediction/question.ts';
import { directRoute } from '../../network/route/route.ts';
import type { Work } from '../../results/schema/calibration-schema.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { handCalibration, handPath } from '../../testing/by-hand/plain-calibration.ts';
import { plainPrediction, plainQuestion } from '../../testing/by-hand/plain-prediction.ts';
import { calibrationText, missingNotes, predictionNotes } from './notes.ts';

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
  const at = (clients: number) => startingWith(/of the mean latency is waiting/, notesOf({ clients }));

  test('above 10%', () => {
    // 0.022 ms · 301 / 2 are 3.3 ms, of 24 over streams; a long poll costs a request, too.
    assert.match(
      at(300)[0]!,
      /^Long polling, SSE, WebSocket: 14% to \d+% of the mean latency is waiting for the sends to other clients\. That is CPU time of the calibrated machine and holds there alone; the interval of the latency contains that of CPU\. More nodes would shorten it\.$/,
    );
  });
  test('below 10%', () => {
    // 2 ms of 23 for streams; a long poll costs a request, too.
    assert.ok(!at(180).some((note) => /SSE|WebSocket/.test(note)));
    assert.deepEqual(at(10), []);
  });
});

describe('ports of NGINX', () => {
  const at = (altered: Partial<Prediction>, clients = 100) =>
    startingWith(
      /local port/,
      predictionNotes({
        question: { ...plainQuestion, scenario: { ...plainQuestion.scenario, clients } },
        predictions: [plainPrediction(altered)],
      }),
    );
  const full = (clients: number) =>
    ({ what: 'proxy-ports', clients: { value: clients, low: clients, high: clients } }) as const;

  test('that give out first, or are what nodes are for', () => {
    const note =
      'WebSocket: each connection from NGINX to a node takes a local port, and Linux has 28,232 of them for each address of a node ' +
      '(net.ipv4.ip_local_port_range, 32768 to 60999). A wider range, or a second address of a node, has room for more.';
    assert.deepEqual(at({ firstLimit: full(28_232) }), [note]);
    assert.deepEqual(at({ nodes: 2, nodesFor: 'ports' }), [note]);
  });
  test('that decide nothing, or have given out already', () => {
    assert.deepEqual(at({}), []);
    assert.deepEqual(at({ firstLimit: full(28_232) }, 30_000), []);
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
  const at = (times: number, of: keyof Work = 'publishesPerSecond') =>
    predictionNotes({ question: plainQuestion, predictions: [plainPrediction({ extrapolation: { times, of } })] });

  test('more than three times', () => {
    assert.deepEqual(at(3.1), [
      'WebSocket: a node or a worker of NGINX has more than 3 times the load that was calibrated. The model lets costs ' +
        'grow in proportion; garbage collection and full caches make them grow faster, so plan with the upper ends of cores, memory, nodes and workers.',
    ]);
  });
  test('three times', () => assert.deepEqual(at(3), []));
  test('with more clients: what calibrates nearer to them', () => {
    assert.match(
      at(3.1, 'clients').join(),
      /workers\. Calibrate with more clients to come nearer: pvw calibrate --clients\.$/,
    );
  });
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
      'Long polling, WebSocket: the calibration has no costs of them. Make another: npx pvw calibrate --proxy nginx',
    ]);
    assert.deepEqual(missingNotes([short!, long!, sse!], {}), [
      'WebSocket: the calibration has no costs of it. Make another: npx pvw calibrate',
    ]);
  });
  test('none', () => assert.deepEqual(missingNotes([short!, long!, sse!, websocket!], { route }), []));
});

test('whose calibration, of when and where, and of what size', () => {
  assert.equal(
    calibrationText(handCalibration, handPath, 'that comes with pvw'),
    'Costs are those of a calibration that comes with pvw: 2026-01-31, pvw 1.0.0, Node.js v20.19.0, Plain CPU, Linux 6.1.0. ' +
      'It had one node with up to 1,000 clients and 10,000 deliveries a second, and round trips of 40 ms.',
  );
});

describe('nodes that were asked for', () => {
  const proxied = plainPrediction({ connections: 50_000, proxyCores: { value: 0.1, low: 0.1, high: 0.1 } });
  const notes = (nodes: number | undefined, prediction: Prediction) =>
    startingWith(
      /room for|than .* can do/,
      predictionNotes({ question: { ...plainQuestion, ...(nodes && { nodes }) }, predictions: [prediction] }),
    );

  test('without ports for all clients', () => {
    assert.deepEqual(notes(1, proxied), [
      'WebSocket: NGINX has 28,232 ports to a node, so the node has room for 28,232 connections. The others of 100 clients ' +
        'are refused; the numbers are those of all, as if there were room.',
    ]);
    assert.deepEqual(notes(2, proxied), []);
    assert.deepEqual(notes(undefined, proxied), []);
    assert.deepEqual(notes(1, plainPrediction({ connections: 50_000 })), []);
  });
});

describe('polls that cannot keep to the tolerance', () => {
  const notes = (prediction: Prediction) =>
    startingWith(
      /no interval keeps/,
      predictionNotes({ question: { ...plainQuestion, toleranceMs: 45 }, predictions: [prediction] }),
    );
  const polling = plainPrediction({ transport: 'short-polling', pollIntervalMs: 1000, tolerance: 'missed' });

  test('are those of the interval that there was', () => {
    assert.deepEqual(notes(polling), [
      'Short polling: no interval keeps to the tolerance, so its numbers are those of asking every 1 s. For another leave out ' +
        '--staleness and give --poll-interval.',
    ]);
    assert.deepEqual(notes({ ...polling, tolerance: 'kept' }), []);
    assert.deepEqual(notes({ ...polling, overload: 'node-core' }), []);
  });
});

describe('updates that fill a node', () => {
  const notes = (cores: number, nodesFor: Prediction['nodesFor'] = 'cpu') =>
    startingWith(
      /takes in all updates/,
      predictionNotes({
        question: plainQuestion,
        predictions: [plainPrediction({ nodes: 10, nodesFor, serverCores: { value: cores, low: cores, high: cores } })],
      }),
    );

  test('however many nodes there are', () => {
    assert.equal(notes(7.3).length, 1);
    assert.deepEqual([notes(7.1), notes(9, 'given')], [[], []]);
  });
});

describe('intervals', () => {
  const notes = (altered: Partial<Prediction>) =>
    startingWith(
      /wider than its value/,
      predictionNotes({ question: plainQuestion, predictions: [plainPrediction(altered)] }),
    );
  const none = { memoryBytes: { value: 1e9, low: 1e9, high: 1e9 } };

  test('wider than the value', () => {
    assert.equal(notes({ ...none, serverCores: { value: 1, low: 0.5, high: 1.6 } }).length, 1);
    assert.equal(notes({ memoryBytes: { value: 1e9, low: 0, high: 2e9 } }).length, 1);
  });
  test('as wide', () => assert.deepEqual(notes({ ...none, serverCores: { value: 1, low: 0.5, high: 1.5 } }), []));
});

describe('several nodes', () => {
  const notes = (nodes: number, origin: Scenario['origin']) => {
    const question = { ...plainQuestion, scenario: { ...plainQuestion.scenario, origin } };
    return startingWith(/several nodes need/, predictionNotes({ question, predictions: [plainPrediction({ nodes })] }));
  };

  test('need a way by which updates reach all', () => {
    assert.match(notes(2, 'server')[0]!, /^WebSocket: several nodes need a way by which an update reaches all of them/);
    assert.match(notes(2, 'client')[0]!, /by which a message of a client reaches all/);
  });
  test('one needs none', () => assert.deepEqual(notes(1, 'server'), []));
});
