import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

/**
 * The contract once more with clients of undici and ws: every file that goes through the transports of the harness,
 * which reads this variable when it is loaded. So this file needs a process of its own.
 */
process.env.PVW_CONTRACT_CLIENTS = 'library';
const { spokenTransports } = await import('./harness.ts');

const suites = readdirSync(import.meta.dirname).filter(
  (name) =>
    /^[a-z-]+\.test\.ts$/.test(name) &&
    readFileSync(`${import.meta.dirname}/${name}`, 'utf8').includes('of spokenTransports'),
);
for (const suite of suites) await import(`./${suite}`);

test('the suites of all transports are run once more, by clients of libraries', () => {
  assert.ok(suites.length >= 6, suites.join(', '));
  for (const { implementation, name } of spokenTransports) assert.equal(implementation, 'library', name);
});
