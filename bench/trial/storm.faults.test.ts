import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { findCommand } from '../../machine/host/system-tools.ts';
import { transports } from '../../protocol/transport.ts';
import { trialRecord } from '../../results/schema/schema.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { smallScenario } from '../../testing/trials/isolated-trial.ts';
import { proxiedTrial } from '../../testing/trials/proxied-trial.ts';
import { bundlePrograms } from '../local/bundle.ts';
import { storms } from '../plan/plan.ts';

const required = Boolean(process.env.CI || process.env.PVW_REQUIRE_TOOLS);
const skip = findCommand('nginx') === undefined && !required && 'nginx is missing: install nginx-light';
const bundle = await bundlePrograms();
after(() => bundle.remove());

const durationMs = 4_200;
/** 60 clients that get 50 updates a second, half of them through each node: some 12,600 deliveries in the window. */
const scenario: Scenario = {
  ...smallScenario,
  clients: 60,
  arrivals: { kind: 'poisson', perSecond: 50 },
  pollIntervalMs: 250,
};

for (const storm of storms) {
  for (const transport of transports) {
    test(`${storm} under load, ${transport}: all clients come back and no delivery is lost`, { skip }, async (t) => {
      const record = await proxiedTrial(bundle, { scenario, transport, storm, durationMs, warmupMs: 0 });
      assert.ok(record.status === 'completed', JSON.stringify(record));
      trialRecord.parse(record);
      const { ledger, updates } = record;
      assert.deepEqual(ledger.faults, []);
      const { lost, duplicated, outOfOrder } = ledger;
      assert.deepEqual([lost, duplicated, outOfOrder], [0, 0, 0]);
      assert.ok(ledger.received >= 10_000, `${ledger.received} deliveries`);
      assert.equal(updates.accepted, updates.intended);
      const { backMs, clientsCut, clientsBehind, missedUpdates, caughtUpMs, connectionsMade, atMs } = record.storm!;
      t.diagnostic(
        `${ledger.received} deliveries; ${clientsCut} cut, back after p50 ${backMs.p50Ms.toFixed(0)} max ${backMs.maxMs.toFixed(0)} ms, ` +
          `caught up after ${caughtUpMs?.toFixed(0)} ms, ${missedUpdates} missed, ${connectionsMade} connections made, ${record.counts.errors} errors, ` +
          `${updates.repeatedPublishes} repeats`,
      );
      assert.equal(record.storm!.kind, storm);
      assert.ok(atMs > 1_000 && atMs < durationMs);
      assert.equal(backMs.count, clientsCut, 'who was cut off is back');
      assert.equal(clientsBehind, 0, 'and has everything');
      assert.equal(caughtUpMs !== null, clientsCut > 0);
      if (transport !== 'long-polling' && clientsCut > 0) assert.ok(backMs.maxMs > 0);
      if (transport === 'websocket' || transport === 'sse') {
        assert.ok(clientsCut > 0 && caughtUpMs! > 0);
        assert.ok(connectionsMade! >= clientsCut, 'each came back over a connection of its own');
        const whose = storm === 'node-killed' ? record.proxy!.clientsByNode.at(-1) : scenario.clients;
        assert.equal(clientsCut, whose, 'a server that is killed has a part of the clients');
        assert.ok(missedUpdates > 0, 'resuming brought what was missed');
      }
    });
  }
}
