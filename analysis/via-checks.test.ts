import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletedTrial } from '../results/schema.ts';
import { syntheticRun } from '../results/synthetic.ts';
import { trialWarnings } from './validity.ts';
import { checkReached } from './via-checks.ts';

/** A trial behind a proxy of the user, whose servers were asked by so many clients. */
function seenBy(...clientsSeenByServer: number[]): CompletedTrial {
  const [trial] = syntheticRun({ repeats: 1 }).trials;
  assert.ok(trial?.status === 'completed');
  return { ...trial, path: { ...trial.path, via: 'http://127.0.0.1:8080' }, clientsSeenByServer };
}

test('a server that no client came to is named by its place in --listen', () => {
  assert.deepEqual(checkReached(seenBy(12, 0)), {
    code: 'server-unreached',
    severity: 'caution',
    text: 'Server 2 of the 2 in --listen got no client through http://127.0.0.1:8080. Let it lead to all of them and spread clients, or list fewer.',
  });
  assert.match(checkReached(seenBy(0, 9, 0))!.text, /^Servers 1, 3 of the 3 in --listen got no client/);
  assert.ok(trialWarnings(seenBy(12, 0)).some(({ code }) => code === 'server-unreached'));
});

test('where each has clients, or there is nothing to spread over, nothing is said', () => {
  assert.equal(checkReached(seenBy(12, 1)), undefined);
  const [trial] = syntheticRun({ repeats: 1 }).trials;
  assert.ok(trial?.status === 'completed');
  assert.equal(checkReached(trial), undefined);
});
