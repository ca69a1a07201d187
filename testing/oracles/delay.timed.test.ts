import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trialWarnings } from '../../analysis/validity/validity.ts';
import { runDelayedTrials } from './delayed-trials.ts';
import { agrees, comparePercentiles } from './expectation.ts';
import { onQuietMachine, sourceLateMs } from './quiet-machine.ts';

const delayMs = 100;
/** Only 16 updates lie beyond the last one. A p99 would rest on three, which the suite itself calls weak. */
const percentiles = [1, 25, 50, 75, 90, 95];

test('a server that is 100 ms late is reported as 100 ms late; short polling adds the wait for the next poll', async (t) => {
  const trials = await onQuietMachine(
    () => runDelayedTrials(delayMs),
    (text) => t.diagnostic(text),
  );
  for (const { transport, result, truth } of trials) {
    await t.test(transport, (t) => {
      const { record } = result;
      const compared = comparePercentiles(truth, result, percentiles);
      for (const { percentile, truthMs, reportedMs } of compared) {
        t.diagnostic(`p${percentile}: ${truthMs.toFixed(1)} ms computed, ${reportedMs.toFixed(1)} ms reported`);
      }
      t.diagnostic(`stale: ${truth.staleFraction.toFixed(4)} computed, ${record.staleFraction.toFixed(4)} reported`);
      // Twice, because a busy machine delays the alarm of the delaying backplane as it delays the source's.
      assert.deepEqual(
        compared.filter((each) => !agrees(each, 2 * sourceLateMs(result))),
        [],
      );
      if (transport !== 'short-polling') assert.ok(truth.latenciesMs.every((ms) => ms === delayMs));
      assert.ok(Math.abs(record.staleFraction / truth.staleFraction - 1) <= 0.03);
      assert.equal(record.latency.delivery.count, truth.latenciesMs.length);
      // 100 ms are far more than the source's lateness, so no warning is about that.
      const codes = trialWarnings(record).map(({ code }) => code);
      assert.deepEqual(codes, ['cold', 'few-updates']);
    });
  }
});
