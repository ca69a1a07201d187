import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trialWarnings } from '../../analysis/validity/validity.ts';
import { transports } from '../../protocol/transport.ts';
import { agrees, comparePercentiles } from './expectation.ts';
import { onQuietMachine, sourceLateMs } from './quiet-machine.ts';
import { runStalledTrial } from './stalled-trials.ts';

// The stall is 5% of the window, so its latencies begin at p95. None is close to that, where a few updates decide.
const percentiles = [25, 50, 75, 90, 97, 98, 99];

for (const transport of transports) {
  test(`a server stopped for 1 s in 20: percentiles of ${transport} equal those computed from the schedule`, async (t) => {
    const say = (text: string) => t.diagnostic(text);
    const [trial] = await onQuietMachine(async () => [await runStalledTrial(transport)], say);
    const { result, truth } = trial!;
    const { record } = result;
    const compared = comparePercentiles(truth, result, percentiles);
    for (const { percentile, truthMs, reportedMs } of compared) {
      say(`p${percentile}: ${truthMs.toFixed(1)} ms computed, ${reportedMs.toFixed(1)} ms reported`);
    }
    assert.deepEqual(
      compared.filter((each) => !agrees(each, sourceLateMs(result))),
      [],
    );
    assert.equal(record.latency.delivery.count, truth.latenciesMs.length);
    assert.equal(record.counts.skippedPolls, truth.skippedPolls);
    // A stall must raise latency without ledger errors or contradictory figures.
    const codes = trialWarnings(record).map(({ code }) => code);
    for (const code of ['ledger-broken', 'bytes-disagree', 'contradiction', 'rate-missed'] as const) {
      assert.ok(!codes.includes(code), code);
    }
  });
}
