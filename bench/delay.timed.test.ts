import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { plainLink } from '../network/path.ts';
import { bundlePrograms } from './bundle.ts';
import { best, timedTransfers } from './timed-transfers.ts';

const bundle = await bundlePrograms();
after(() => bundle.remove());

const bigBytes = 64 * 1024;
const attempts = 10;

test('a delayed path takes one round trip to connect, a second one to answer, and more for what slow start cuts up', async (t) => {
  const { bySize } = await timedTransfers(bundle, { link: plainLink(40), sizes: [1, bigBytes], attempts });
  const [small, big] = [bySize[0]!, bySize[1]!];
  const [connectMs, firstByteMs] = [best(small, 'connectMs'), best(small, 'firstByteMs')];
  const bigMs = best(big, 'lastByteMs');
  t.diagnostic(
    `connect ${connectMs.toFixed(1)} ms, first byte ${firstByteMs.toFixed(1)} ms, 64 KB ${bigMs.toFixed(1)} ms`,
  );
  assert.ok(connectMs >= 40 && connectMs <= 43, `connect took ${connectMs} ms`);
  assert.ok(firstByteMs >= 80 && firstByteMs <= 86, `first byte took ${firstByteMs} ms`);
  assert.ok(bigMs >= 100, `64 KB took ${bigMs} ms`);
});

test('without a delay the cable takes next to nothing', async () => {
  const { bySize } = await timedTransfers(bundle, { link: plainLink(0), sizes: [1], attempts });
  assert.ok(best(bySize[0]!, 'firstByteMs') < 20);
});
