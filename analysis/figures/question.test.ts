import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declaredQuestions, questionNames, questionOf, questions } from './question.ts';

test('each question has the figure that decides it', () => {
  assert.deepEqual(
    questionNames.map((name) => [name, questions[name].figure]),
    [
      ['freshness', 'latency.p50'],
      ['bytes', 'bytes.total'],
      ['server-cpu', 'cpu.serving.update'],
      ['memory', 'memory.server'],
    ],
  );
});

test('a figure leads back to the question that it decides, if any', () => {
  for (const name of questionNames) assert.equal(questionOf(questions[name].figure), name);
  assert.equal(questionOf('latency.p90'), undefined);
});

test('each question has the smallest difference that counts', () => {
  assert.deepEqual(
    questionNames.map((name) => questions[name].leastDifference),
    [0.05, 0.01, 0.1, 0.05],
  );
});

test('memory is not among the declared questions', () => {
  assert.deepEqual(declaredQuestions, ['freshness', 'bytes', 'server-cpu']);
});
