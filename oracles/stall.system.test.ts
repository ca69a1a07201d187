import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trialWarnings } from '../analysis/validity.ts';
import { agrees, comparePercentiles } from './expectation.ts';
import { onQuietMachine } from './quiet-machine.ts';
import { runStalledTrials } from './stalled-trials.ts';

// The stalled share is 5%: none lies within one point of where the latencies of the stall begin, at 95.
const percentiles = [25, 50, 75, 90, 93, 97, 98, 99];

test('a server stopped for 1 s in 20: every transport’s percentiles are those computed from the schedule', async (t) => {
  for (const { transport, result, truth } of await onQuietMachine(runStalledTrials, (text) => t.diagnostic(text))) {
    await t.test(transport, (t) => {
      const { record } = result;
      const compared = comparePercentiles(truth, result, percentiles);
      for (const { percentile, truthMs, reportedMs } of compared) {
        t.diagnostic(`p${percentile}: ${truthMs.toFixed(1)} ms computed, ${reportedMs.toFixed(1)} ms reported`);
      }
      assert.deepEqual(
        compared.filter((each) => !agrees(each)),
        [],
      );
      assert.equal(record.latency.delivery.count, truth.latenciesMs.length);
      assert.equal(record.counts.skippedPolls, truth.skippedPolls);
      // What a stall does to latency is neither a fault of the ledger nor a contradiction in itself.
      const codes = trialWarnings(record).map(({ code }) => code);
      for (const code of ['ledger-broken', 'bytes-disagree', 'contradiction', 'rate-missed'] as const) {
        assert.ok(!codes.includes(code), code);
      }
    });
  }
});
