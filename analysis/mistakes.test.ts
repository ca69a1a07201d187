import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mistakeTexts } from '../network/nginx-mistakes.ts';
import { failedFrom, syntheticRun } from '../results/synthetic.ts';
import { syntheticMistake } from '../results/synthetic-routes.ts';
import { syntheticScenarios } from '../results/synthetic-scenarios.ts';
import { isExhibit, shownIn } from './mistakes.ts';
import { isRunInvalid, runWarnings } from './validity.ts';

const scenarios = syntheticScenarios.slice(0, 1);

function failing(transport: string, stage: 'connect' | 'measure' = 'connect') {
  return syntheticRun({
    scenarios,
    repeats: 1,
    routes: [syntheticMistake],
    alter: (trial) => (trial.transport === transport ? failedFrom(trial, stage, 'no') : trial),
  });
}

test('a failure that the mistake was to show is the exhibit, and leaves the run as it is', () => {
  const run = failing('websocket');
  assert.deepEqual(
    runWarnings(run).map(({ code }) => code),
    ['mistake-shown'],
  );
  assert.equal(isRunInvalid(run), false);
  assert.deepEqual(
    run.trials.filter(isExhibit).map(({ transport }) => transport),
    ['websocket'],
  );
});

test('a failure at another stage is none that the mistake is known for', () => {
  const run = failing('websocket', 'measure');
  assert.deepEqual(
    runWarnings(run).map(({ code }) => code),
    ['failed-trials'],
  );
});

test('a failure of a transport that the mistake does not hit is one', () => {
  const run = failing('sse');
  assert.deepEqual(
    runWarnings(run).map(({ code }) => code),
    ['failed-trials'],
  );
  assert.equal(isRunInvalid(run), true);
});

test('each mistake is told with what it looks like and what mends it', () => {
  for (const { title, symptom, cure, hits } of Object.values(mistakeTexts)) {
    assert.ok(hits.length > 0);
    for (const text of [title, symptom, cure]) assert.doesNotMatch(text, /\n/);
    assert.match(symptom, /\.$/);
  }
});

test('what completed shows its mistake in numbers, of all repeats, where the mistake hits', () => {
  const route = (mistake: 'short-read-timeout' | 'no-upstream-keepalive') =>
    ({ ...syntheticMistake, name: `nginx:${mistake}`, proxy: { ...syntheticMistake.proxy!, mistake } }) as const;
  const shown = (mistake: 'short-read-timeout' | 'no-upstream-keepalive', transport: string) => {
    const { trials } = syntheticRun({
      scenarios,
      repeats: 2,
      routes: [route(mistake)],
      alter: (trial) => ({ ...trial, counts: { ...trial.counts, requests: 500, reconnects: 21 } }),
    });
    return shownIn(trials.flatMap((each) => (each.status === 'completed' && each.transport === transport ? each : [])));
  };
  for (const transport of ['sse', 'websocket']) {
    assert.match(shown('short-read-timeout', transport).join(), /^42 times a connection /);
  }
  assert.deepEqual(shown('short-read-timeout', 'short-polling'), []);
  assert.match(shown('no-upstream-keepalive', 'long-polling').join(), /^128 connections .* for 1,000 requests\.$/);
  assert.deepEqual(shown('no-upstream-keepalive', 'sse'), []);
});
