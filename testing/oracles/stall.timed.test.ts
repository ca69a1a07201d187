import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trialWarnings } from '../../analysis/validity/validity.ts';
import { transports } from '../../protocol/transport.ts';
import { shown, untilAgreed } from './agreement.ts';
import { runStalledTrial } from './stalled-trials.ts';

// No client polls near the ends of the stop, where a millisecond would decide which state a poll gets.
const window = { perSecond: 200, seconds: 8, stallAtMs: 3_700, stallMs: 400 };
// The stall is 5% of the window, so its latencies begin at p95. None is close to that, where a few updates decide.
const percentiles = [25, 50, 75, 90, 97, 98, 99];

for (const transport of transports) {
  test(`a server stopped for 0.4 s in 8: percentiles of ${transport} equal those computed from the schedule`, async (t) => {
    const say = (text: string) => t.diagnostic(text);
    const { trial, compared, wrong } = await untilAgreed(() => runStalledTrial(transport, window), percentiles, say);
    const { record } = trial.result;
    for (const each of compared) say(shown(each));
    assert.deepEqual(wrong, []);
    assert.equal(record.latency.delivery.count, trial.truth.latenciesMs.length);
    assert.equal(record.counts.skippedPolls, trial.truth.skippedPolls);
    // A stall must raise latency without ledger errors or contradictory figures.
    const codes = trialWarnings(record).map(({ code }) => code);
    for (const code of ['ledger-broken', 'bytes-disagree', 'contradiction', 'rate-missed'] as const) {
      assert.ok(!codes.includes(code), code);
    }
  });
}
