import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { findCommand } from '../cli/system-tools.ts';
import type { Mistake } from '../network/route.ts';
import type { Transport } from '../protocol/transport.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { bundlePrograms } from './bundle.ts';
import { smallScenario } from './isolated-trial.ts';
import { proxiedTrial } from './proxied-trial.ts';

/** Trials over a path that is wrong on purpose: each ends, and says what people would see. */
const required = Boolean(process.env.CI || process.env.PVW_REQUIRE_TOOLS);
const skip = findCommand('nginx') === undefined && !required && 'nginx is missing: install nginx-light';
const bundle = await bundlePrograms();
after(() => bundle.remove());

const scenario: Scenario = { ...smallScenario, clients: 20, origin: 'server' };

function mistaken(mistake: Mistake, transport: Transport, changes: Partial<Scenario> = {}) {
  return proxiedTrial(bundle, { scenario: { ...scenario, ...changes }, transport, proxy: { mistake } });
}

test('without the headers of the upgrade no WebSocket is let in, and the reason names it', { skip }, async () => {
  const record = await mistaken('no-upgrade-headers', 'websocket');
  assert.ok(record.status === 'failed');
  assert.equal(record.stage, 'connect');
  assert.match(
    record.reason,
    /^load-1: 20 of 20 clients not subscribed .*: the WebSocket handshake was answered with 4\d\d\. /,
  );
  assert.match(record.reason, /The mistake no-upgrade-headers: /);
  assert.doesNotMatch(record.proxyConfiguration!, /proxy_set_header Upgrade/);
});

test('the others do not notice that the headers of the upgrade are missing', { skip }, async () => {
  const record = await mistaken('no-upgrade-headers', 'sse');
  assert.ok(record.status === 'completed', JSON.stringify(record));
  assert.deepEqual(record.ledger.faults, []);
});

test('with buffered events a trial fails, since the last of them never arrive', { skip }, async () => {
  const record = await mistaken('buffered-sse', 'sse');
  assert.ok(record.status === 'failed', JSON.stringify(record).slice(0, 2000));
  assert.match(record.reason, /The mistake buffered-sse: /);
});

test('a short read timeout cuts off long polls in which nothing happens', { skip }, async () => {
  const record = await mistaken('short-read-timeout', 'long-polling', {
    arrivals: { kind: 'constant', perSecond: 0.5 },
  });
  if (record.status === 'completed') {
    assert.ok(record.counts.errors > 0);
    assert.deepEqual(record.ledger.faults, []);
  } else {
    assert.match(record.reason, /GET answered 50[24]/);
    assert.match(record.reason, /The mistake short-read-timeout: /);
  }
});

test('without kept connections to the servers each poll opens one, and NGINX and servers pay for it', {
  skip,
}, async () => {
  const kept = await proxiedTrial(bundle, { scenario, transport: 'short-polling' });
  const record = await mistaken('no-upstream-keepalive', 'short-polling');
  assert.ok(record.status === 'completed' && kept.status === 'completed');
  assert.deepEqual([record.ledger.faults, record.counts.errors], [[], 0]);
  assert.equal(record.proxy!.upstreamConnections, record.counts.requests);
  assert.ok(kept.proxy!.upstreamConnections! < kept.counts.requests / 4, `${kept.proxy!.upstreamConnections} kept`);
});
