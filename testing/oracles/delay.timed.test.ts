import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trialWarnings } from '../../analysis/validity/validity.ts';
import { transports } from '../../protocol/transport.ts';
import { shown, untilAgreed } from './agreement.ts';
import { runDelayedTrial } from './delayed-trials.ts';

const delayMs = 100;
/** Only 20 updates lie beyond the last one. A p99 would rest on four, which the suite itself calls weak. */
const percentiles = [1, 25, 50, 75, 90, 95];

for (const transport of transports) {
  const wait = transport === 'short-polling' ? ', plus the wait for the next poll' : '';
  test(`a server that is ${delayMs} ms late: ${transport} is reported as ${delayMs} ms late${wait}`, async (t) => {
    const say = (text: string) => t.diagnostic(text);
    const { trial, compared, wrong } = await untilAgreed(() => runDelayedTrial(transport, delayMs), percentiles, say);
    const { result, truth } = trial;
    const { record } = result;
    for (const each of compared) say(shown(each));
    say(`stale: ${truth.staleFraction.toFixed(4)} computed, ${record.staleFraction.toFixed(4)} reported`);
    assert.deepEqual(wrong, []);
    if (transport !== 'short-polling') assert.ok(truth.latenciesMs.every((ms) => ms === delayMs));
    assert.ok(Math.abs(record.staleFraction / truth.staleFraction - 1) <= 0.03);
    assert.equal(record.latency.delivery.count, truth.latenciesMs.length);
    // 100 ms are far more than the source's lateness, so no warning is about that. A virtual machine may stand still.
    const codes = trialWarnings(record).map(({ code }) => code);
    assert.deepEqual(
      codes.filter((code) => code !== 'stalled'),
      ['cold', 'few-updates'],
    );
  });
}
