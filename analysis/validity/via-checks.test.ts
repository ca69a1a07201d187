import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainTrial } from '../../testing/by-hand/plain-trial.ts';
import { checkReached } from './via-checks.ts';

const { path } = plainTrial();

/** A trial behind the user's own proxy, with this many clients per server. */
function seenBy(...clientsSeenByServer: number[]) {
  return checkReached(plainTrial({ path: { ...path, via: 'http://127.0.0.1:8080' }, clientsSeenByServer }));
}

test('a server without clients is named by its position in --listen', () => {
  assert.deepEqual(seenBy(12, 0), {
    code: 'server-unreached',
    severity: 'caution',
    text: 'Server 2 of the 2 in --listen got no client through http://127.0.0.1:8080. Let it lead to all of them and spread clients, or list fewer.',
  });
  assert.match(seenBy(0, 9, 0)!.text, /^Servers 1, 3 of the 3 in --listen got no client through http/);
  assert.match(checkReached(plainTrial({ clientsSeenByServer: [0] }))!.text, /got no client through the proxy\. /);
});

test('there is no warning if each server has clients, or if there are no servers to spread over', () => {
  assert.equal(seenBy(12, 1), undefined);
  assert.equal(seenBy(), undefined);
  assert.equal(checkReached(plainTrial()), undefined);
});
