import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { plainQuestion } from '../../../testing/by-hand/plain-prediction.ts';
import { plainScenario, plainTrial } from '../../../testing/by-hand/plain-trial.ts';
import { asMeasured } from './measured-load.ts';

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
