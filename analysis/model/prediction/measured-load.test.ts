import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { handPath } from '../../../testing/by-hand/plain-calibration.ts';
import { plainQuestion } from '../../../testing/by-hand/plain-prediction.ts';
import { plainScenario, plainTrial } from '../../../testing/by-hand/plain-trial.ts';
import { asMeasured, residualsOfTrials } from './measured-load.ts';

/** Two windows of 30 s in five channels, with 300 and 600 updates. */
const measured = [300, 600].map((accepted) => ({
  trial: plainTrial({ updates: { ...plainTrial().updates, accepted } }),
  scenario: { ...plainScenario, channels: 5 },
}));
const question = { ...plainQuestion, scenario: { ...plainQuestion.scenario, channels: 5 } };

describe('a question as trials have answered it', () => {
  test('with as many updates as there were: 900 in a minute of five channels', () => {
    assert.deepEqual(asMeasured(question, measured).scenario.arrivals, { kind: 'poisson', perSecond: 3 });
  });

  test('with versions of the middle of the windows, after the warm-up', () => {
    const { warmupOperations } = plainTrial().window;
    const version = Math.round(warmupOperations / plainScenario.clients + (300 + 600) / 2 / 5 / 2);
    assert.equal(asMeasured(question, measured).progress!.version, version);
  });

  test('with one worker of a proxy, at the pace that the machine had', () => {
    assert.deepEqual(
      [asMeasured(question, measured).proxyWorkers, 'taskCpuUs' in asMeasured(question, measured)],
      [1, false],
    );
    const timed = measured.map(({ trial, scenario }, place) => {
      const tasks = [{ core: 0, count: 100, medianUs: 1, cpuMs: place === 0 ? 10 : 40 }];
      const noise = { stealShare: null, strangerShare: null, throttledMs: null, spins: [], tasks };
      return { trial: { ...trial, noise }, scenario };
    });
    assert.ok(Math.abs(asMeasured(question, timed).taskCpuUs! - 200) < 1e-9);
  });

  test('a trace and a load without updates stay as they are', () => {
    const trace = { kind: 'trace', instantsMs: [1, 50], lengthMs: 100 } as const;
    const of = { ...question, scenario: { ...question.scenario, arrivals: trace } };
    assert.deepEqual(asMeasured(of, measured).scenario.arrivals, trace);
    const none = measured.map(({ trial, scenario }) => ({
      scenario,
      trial: { ...trial, updates: { ...trial.updates, accepted: 0 } },
    }));
    assert.deepEqual(asMeasured(question, none).scenario.arrivals, question.scenario.arrivals);
  });
});

describe('the model beside what trials measured', () => {
  const repeats = { transport: 'websocket', measured, figures: { 'latency.mean': 50 } } as const;
  const residuals = residualsOfTrials(question, handPath, repeats);
  const residualOf = (key: string) => residuals.find((each) => each.key === key)!;

  test('deliveries of what there was: 3 updates a second in five channels, to 20 clients each', () => {
    const cost = 10 + 0.2 + (0.1 * 15) / 1.15 + 300 * 0.02;
    const { expected, measured: found } = residualOf('cpu.serving');
    assert.ok(expected.value > cost && expected.value < cost + 1, String(expected.value));
    assert.equal(found, undefined);
  });

  test('figures and memory', () => {
    assert.equal(residualOf('latency.mean').measured, 50);
    // 10 MB and 10 kB for each of a hundred clients.
    const { expected, measured: found } = residualOf('memory');
    assert.deepEqual([expected.value, found], [11_000_000, 60_000_000]);
  });

  test('nothing without trials or calibration', () => {
    assert.deepEqual(residualsOfTrials(question, handPath, { ...repeats, measured: [] }), []);
    assert.deepEqual(residualsOfTrials(question, { ...handPath, transports: {} }, repeats), []);
  });
});
