import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { trialChecks } from '../analysis/trial-checks.ts';
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
  assert.doesNotMatch(record.proxyConfiguration!, /^\s*proxy_set_header Upgrade/m);
});

test('the others do not notice that the headers of the upgrade are missing', { skip }, async () => {
  const record = await mistaken('no-upgrade-headers', 'sse');
  assert.ok(record.status === 'completed', JSON.stringify(record));
  assert.deepEqual(record.ledger.faults, []);
});

test('with buffered events nobody is let in, since not even the head of the answer arrives', { skip }, async () => {
  const record = await mistaken('buffered-sse', 'sse');
  assert.ok(record.status === 'failed', JSON.stringify(record).slice(0, 2000));
  assert.equal(record.stage, 'connect');
  assert.match(record.reason, /not subscribed after .*The mistake buffered-sse: /);
});

test('a short read timeout cuts off long polls in which nothing happens, and clients ask again', { skip }, async () => {
  const rare: Scenario = { ...scenario, arrivals: { kind: 'constant', perSecond: 0.5 } };
  const proxy = { mistake: 'short-read-timeout' } as const;
  const record = await proxiedTrial(bundle, { scenario: rare, transport: 'long-polling', proxy, durationMs: 4_000 });
  assert.ok(record.status === 'completed', JSON.stringify(record));
  assert.ok(record.counts.errors >= rare.clients, `${record.counts.errors} polls were cut off`);
  assert.deepEqual(record.ledger.faults, []);
  const warning = trialChecks
    .flatMap((check) => check(record) ?? [])
    .find(({ code }) => code === 'unexplained-answers');
  assert.match(warning!.text, /the proxy's own/);
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
