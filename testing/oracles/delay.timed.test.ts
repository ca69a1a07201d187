import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trialWarnings } from '../../analysis/validity/validity.ts';
import { runDelayedTrials } from './delayed-trials.ts';
import { agrees, comparePercentiles } from './expectation.ts';
import { onQuietMachine, sourceLateMs } from './quiet-machine.ts';

const delayMs = 100;
/** Beyond the last are 16 updates; p99 of so few is that of three, which the suite itself calls weak. */
const percentiles = [1, 25, 50, 75, 90, 95];

test('a server that is 100 ms late is reported as 100 ms late, and short polling as its next poll after that', async (t) => {
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
      // The late server waits by an alarm of its own, which a busy machine delays as it does the source's.
      assert.deepEqual(
        compared.filter((each) => !agrees(each, 2 * sourceLateMs(result))),
        [],
      );
      if (transport !== 'short-polling') assert.ok(truth.latenciesMs.every((ms) => ms === delayMs));
      assert.ok(Math.abs(record.staleFraction / truth.staleFraction - 1) <= 0.03);
      assert.equal(record.latency.delivery.count, truth.latenciesMs.length);
      // 100 ms are far more than the source's lateness, so nothing speaks against these figures but that they are few.
      const codes = trialWarnings(record).map(({ code }) => code);
      assert.deepEqual(codes, ['cold', 'few-updates']);
    });
  }
});
