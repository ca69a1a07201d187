import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { trialChecks } from '../../analysis/validity/trial-checks.ts';
import { bundlePrograms } from '../../bench/local/bundle.ts';
import { type LinkName, linkNames, links } from '../../network/link/links.ts';
import { type Transport, transports } from '../../protocol/transport.ts';
import { type CompletedTrial, trialRecord } from '../../results/schema/schema.ts';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { isolatedTrial } from './isolated-trial.ts';

/** Whole trials over each named link, to see what a long, slow or lossy path breaks. */
const bundle = await bundlePrograms();
after(() => bundle.remove());

/** Clients publish, and over HTTP do so on a second connection. */
const chat: Scenario = { ...findScenario('chat-room')!, clients: 20, channels: 4 };

// In parallel, because they mostly wait, and each has a network of its own.
describe('a trial completes, and its ledger balances', { concurrency: 8 }, () => {
  for (const [index, link] of linkNames.entries()) {
    // Every transport over the link with the most jitter for its length and the longest link; one over each of the others.
    const carried =
      link === 'mobile-4g' || link === 'satellite' ? transports : [transports[index % transports.length]!];
    for (const transport of carried) test(`${transport} over ${link}`, () => carries(transport, link));
  }
});

async function carries(transport: Transport, link: LinkName): Promise<void> {
  const record = await isolatedTrial(bundle, { scenario: chat, transport, link, warmupMs: 300 });
  assertWhole(record);
  assert.equal(record.path.linkName, link);
  assert.equal(record.path.upBandwidthBitsPerSecond, links[link].conditions.upBandwidthBitsPerSecond);
}

test('publishes that are faster than a round trip queue up, and all are accepted', async () => {
  const game = { ...findScenario('online-game')!, clients: 8, channels: 2 };
  const record = await isolatedTrial(bundle, { scenario: game, transport: 'sse', link: 'satellite' });
  assertWhole(record);
  assert.equal(record.updates.acceptedInputs, record.updates.intendedInputs);
  // Ten publishes in a second, each of which takes a round trip. Without a queue the drain would take one round trip.
  assert.ok(record.window.drainMs > 3_000, `${record.window.drainMs} ms`);
});

function assertWhole(record: CompletedTrial): void {
  trialRecord.parse(record);
  assert.deepEqual(record.ledger.faults, []);
  assert.equal(record.updates.accepted, record.updates.intended);
  assert.ok(record.latency.delivery.count > 0);
  const { whole } = record.bytes;
  assert.deepEqual(
    [whole.serverReadBytes, whole.serverWrittenBytes],
    [whole.clientWrittenBytes, whole.clientReadBytes],
  );
  const codes = trialChecks.flatMap((check) => check(record)?.code ?? []);
  assert.ok(!codes.some((code) => ['littles-law', 'contradiction', 'packets-disagree'].includes(code)), codes.join());
}
