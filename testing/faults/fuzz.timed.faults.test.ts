import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skip } from '../commands/opened-page.ts';
import { runCampaign } from '../fuzz/campaign.ts';
import { kinds } from '../fuzz/kinds.ts';

const minutes = 1;

test('hostile inputs of every kind for a minute: no fault', { timeout: 300_000 }, async (t) => {
  // Another slice every day, so that it does not always try the same.
  const firstSeed = Math.floor(Date.now() / 86_400_000) * 100_000;
  const say = (line: string) => t.diagnostic(line);
  const names = Object.keys(kinds).filter((name) => name !== 'pages' || skip === false);
  const { tried, faults } = await runCampaign({ names, firstSeed, minutes, leastShare: 0.01, say });
  assert.deepEqual(
    faults.map(({ kind, seed, text }) => `${kind}, seed ${seed}: ${text.slice(0, 300)}`),
    [],
  );
  assert.ok([...tried.values()].every((count) => count > 0));
});
