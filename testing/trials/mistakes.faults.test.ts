import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { isExhibit, shownIn } from '../../analysis/validity/mistakes.ts';
import { trialChecks } from '../../analysis/validity/trial-checks.ts';
import { bundlePrograms } from '../../bench/local/bundle.ts';
import { findCommand } from '../../machine/host/system-tools.ts';
import { mistakeTexts } from '../../network/proxy/nginx-mistakes.ts';
import type { Mistake } from '../../network/route/route.ts';
import type { Transport } from '../../protocol/transport.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { smallScenario } from './isolated-trial.ts';
import { proxiedTrial } from './proxied-trial.ts';

/** Trials over a path with a mistake on purpose: each ends, and shows what users would see. */
const required = Boolean(process.env.CI || process.env.PVW_REQUIRE_TOOLS);
const skip = findCommand('nginx') === undefined && !required && 'nginx is missing: install nginx-light';
const bundle = await bundlePrograms();
after(() => bundle.remove());

const scenario: Scenario = { ...smallScenario, clients: 20, origin: 'server' };

function mistaken(mistake: Mistake, transport: Transport) {
  return proxiedTrial(bundle, { scenario, transport, proxy: { mistake } });
}

test('without the upgrade headers every WebSocket handshake fails, and the record names the mistake', {
  skip,
}, async () => {
  const record = await mistaken('no-upgrade-headers', 'websocket');
  assert.ok(record.status === 'failed');
  assert.equal(record.stage, 'connect');
  assert.match(
    record.reason,
    /^load-1: 20 of 20 clients not subscribed .*: the WebSocket handshake was answered with 4\d\d/,
  );
  assert.doesNotMatch(record.reason, /mistake/);
  const { symptom } = mistakeTexts['no-upgrade-headers'];
  assert.deepEqual(record.mistake, { name: 'no-upgrade-headers', symptom });
  assert.doesNotMatch(record.proxyConfiguration!, /^\s*proxy_set_header Upgrade/m);
});

test('without the upgrade headers SSE works as usual', { skip }, async () => {
  const record = await mistaken('no-upgrade-headers', 'sse');
  assert.ok(record.status === 'completed', JSON.stringify(record));
  assert.deepEqual(record.ledger.faults, []);
});

test('with buffered SSE no client subscribes, because not even the head of the answer arrives', { skip }, async () => {
  const record = await mistaken('buffered-sse', 'sse');
  assert.ok(record.status === 'failed', JSON.stringify(record).slice(0, 2000));
  assert.equal(record.stage, 'connect');
  assert.match(record.reason, /not subscribed after /);
  assert.equal(record.mistake?.name, 'buffered-sse');
});

// Each channel has one update in two seconds, and NGINX waits for at most one second.
const rare: Scenario = { ...scenario, arrivals: { kind: 'constant', perSecond: 0.5 } };

for (const transport of mistakeTexts['short-read-timeout'].hits) {
  test(`a short read timeout cuts off ${transport} in silence, and clients come back`, { skip }, async () => {
    const proxy = { mistake: 'short-read-timeout' } as const;
    const record = await proxiedTrial(bundle, { scenario: rare, transport, proxy, durationMs: 2_000 });
    assert.ok(record.status === 'completed', JSON.stringify(record));
    assert.deepEqual(record.ledger.faults, []);
    assert.ok(isExhibit(record));
    const { errors, reconnects } = record.counts;
    const warned = trialChecks
      .flatMap((check) => check(record) ?? [])
      .find(({ code }) => code === 'unexplained-answers');
    if (transport === 'long-polling') {
      assert.ok(errors >= rare.clients, `${errors} polls were cut off`);
      assert.match(warned!.text, /the proxy's own/);
    } else {
      assert.ok(reconnects >= rare.clients, `${reconnects} connections were cut off`);
      assert.equal(warned, undefined);
      assert.match(shownIn([record]).join(), /was cut off, and opened again/);
    }
  });
}

for (const transport of mistakeTexts['no-upstream-keepalive'].hits) {
  test(`without kept connections to the servers, each request of ${transport} opens one`, { skip }, async () => {
    const record = await mistaken('no-upstream-keepalive', transport);
    assert.ok(record.status === 'completed', JSON.stringify(record));
    assert.deepEqual([record.ledger.faults, record.counts.errors], [[], 0]);
    assert.equal(record.proxy!.upstreamConnections, record.counts.requests);
    assert.match(shownIn([record]).join(), /connections were opened between NGINX and the servers/);
  });
}

test('with kept connections to the servers, few are opened', { skip }, async () => {
  const kept = await proxiedTrial(bundle, { scenario, transport: 'short-polling' });
  assert.ok(kept.status === 'completed', JSON.stringify(kept));
  assert.ok(kept.proxy!.upstreamConnections! < kept.counts.requests / 4, `${kept.proxy!.upstreamConnections} kept`);
});
