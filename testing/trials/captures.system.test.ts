import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { bundlePrograms } from '../../bench/local/bundle.ts';
import { comparedRoutes, routeName } from '../../network/route/route.ts';
import type { Transport } from '../../protocol/transport.ts';
import { capturedTrial, compareWithCapture } from './captured-trial.ts';

const bundle = await bundlePrograms();
after(() => bundle.remove());

/** A spread: each transport once, each over another path. `npm run evidence -- captures` has all of them. */
const spread: readonly (readonly [Transport, path: string])[] = [
  ['short-polling', 'h2'],
  ['long-polling', 'browser-headers'],
  ['sse', 'nginx'],
  ['websocket', 'tls'],
];

for (const [transport, path] of spread) {
  test(`${transport} over ${path}: a capture cut at the instants of the record equals set-up and window`, async () => {
    const route = comparedRoutes.find((each) => routeName(each) === path)!;
    for (const { what, recorded, captured } of compareWithCapture(
      await capturedTrial(bundle, { transport, route, rttMs: 10 }),
    )) {
      assert.ok(recorded.packets > 0, what);
      assert.deepEqual(captured, recorded, what);
    }
  });
}
