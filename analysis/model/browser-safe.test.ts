import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { stop } from 'esbuild';
import { projectRoot } from '../../machine/host/project-root.ts';
import { sourceFiles } from '../../testing/checks/test-files.ts';
import { nodeOnlyIn, runWithoutNode } from '../../testing/without-node.ts';

/** They read trials, with what Node.js is needed for: a page has the calibration that was made of them. */
const ofTrials = [
  'cost/calibration-of-run.ts',
  'traffic/heads.ts',
  'traffic/trial-numbers.ts',
  'prediction/measured-load.ts',
  'prediction/scenario-residuals.ts',
].map((path) => `analysis/model/${path}`);
// A page is to predict with these sources as they are.
const files = sourceFiles(projectRoot).filter(
  (path) => /^analysis\/model\/.*(?<!\.test)\.ts$/.test(path) && !ofTrials.includes(path),
);

describe('browsers can run analysis/model/', () => {
  after(() => stop());

  test('all its sources are looked at', () => {
    for (const path of ['prices/cost-of-month.ts', 'prediction/predict.ts', 'freshness/long-replay.ts']) {
      assert.ok(files.includes(`analysis/model/${path}`), path);
    }
  });
  for (const path of files) {
    // The libraries name globals of Node.js that they then do without, so their part is run, not searched.
    test(path, async () => {
      assert.deepEqual(nodeOnlyIn(path, readFileSync(join(projectRoot, path), 'utf8')), []);
      await runWithoutNode(path, '');
    });
  }

  test('a price list is read there', async () => {
    const text = 'name: a\nsource: b\nasOf: 2026-01-31\ncurrency: EUR\nitems: [{unit: core-hour, price: 1}]\n';
    const script = `bundled.readPrices(${JSON.stringify(text)}, 'F').currency`;
    assert.equal(await runWithoutNode('analysis/model/prices/price-form.ts', script), 'EUR');
  });
});
