import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declaredQuestions, figureFor, questionNames, questionOf, questions, wordsOf } from './question.ts';

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

test('bytes are decided by the figure of the place where they were counted, every other question by its own', () => {
  assert.deepEqual([figureFor('bytes', 'wire'), figureFor('bytes', 'sockets')], ['bytes.wire', 'bytes.total']);
  assert.equal(figureFor('memory', 'wire'), 'memory.server');
  assert.deepEqual([questionOf('bytes.wire'), questionOf('bytes.wire.up')], ['bytes', undefined]);
});

test('the words for bytes say where they were counted, and only those', () => {
  assert.equal(wordsOf('memory', 'wire'), questions.memory);
  assert.deepEqual(wordsOf('bytes', 'wire'), {
    ...questions.bytes,
    measure: 'bytes per client and minute on the wire',
    noun: 'bytes on the wire',
    object: 'bytes on the wire',
    least: 'needs the fewest bytes on the wire',
    leastOfSeveral: 'need the fewest bytes on the wire',
  });
  assert.equal(wordsOf('bytes', 'sockets').noun, 'bytes at the sockets');
});
