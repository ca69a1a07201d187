import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { checkPackets } from '../../analysis/validity/packet-checks.ts';
import { trialChecks } from '../../analysis/validity/trial-checks.ts';
import { bundlePrograms } from '../../bench/local/bundle.ts';
import { findCommand } from '../../machine/host/system-tools.ts';
import { processIds, workingDirectory } from '../../machine/host/working-directory.ts';
import { transports } from '../../protocol/transport.ts';
import { type CompletedTrial, type TrialRecord, trialRecord } from '../../results/schema/schema.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { smallScenario } from './isolated-trial.ts';
import { proxiedTrial } from './proxied-trial.ts';

const required = Boolean(process.env.CI || process.env.PVW_REQUIRE_TOOLS);
const skip = findCommand('nginx') === undefined && !required && 'nginx is missing: install nginx-light';
const bundle = await bundlePrograms();
after(() => bundle.remove());

/** Clients of both nodes publish, and clients of both nodes receive that. */
const talking: Scenario = { ...smallScenario, clients: 40, channels: 2, arrivals: { kind: 'poisson', perSecond: 20 } };
/** One source publishes everything, and only the newest state counts. */
const watching: Scenario = { ...talking, origin: 'server', semantics: 'latest', echo: false };

function balanced(record: TrialRecord): CompletedTrial {
  assert.ok(record.status === 'completed', JSON.stringify(record));
  trialRecord.parse(record);
  assert.deepEqual(record.ledger.faults, []);
  assert.ok(record.ledger.received > 0);
  const { updates, counts } = record;
  assert.deepEqual([updates.accepted, updates.published], [updates.intended, updates.intended]);
  assert.deepEqual([counts.errors, counts.reconnects], [0, 0]);
  const codes = trialChecks.flatMap((check) => check(record)?.code ?? []);
  for (const wrong of ['littles-law', 'contradiction', 'bytes-disagree', 'ledger-broken']) {
    assert.ok(!codes.some((code) => code === wrong), codes.join());
  }
  return record;
}

function processOf(record: CompletedTrial, role: string) {
  return record.processes.filter((each) => each.role === role);
}

for (const transport of transports) {
  test(`${transport} through NGINX with ip_hash and two nodes: the ledger balances`, { skip }, async () => {
    const record = balanced(await proxiedTrial(bundle, { scenario: talking, transport }));
    assert.deepEqual(
      processOf(record, 'server').map(({ name }) => name),
      ['server-1', 'server-2'],
    );
    const [nginx] = processOf(record, 'proxy');
    assert.ok(nginx && nginx.cpuWindowMs > 0 && nginx.rssBytes > 1e6, JSON.stringify(nginx));
    assert.equal(processOf(record, 'backplane').length, 1);
    const { proxy } = record;
    assert.match(proxy!.version, /^\d+\.\d+\.\d+$/);
    assert.match(proxy!.configuration!, /ip_hash;/);
    assert.equal(proxy!.workers, 1);
    assert.equal(proxy!.clientsByNode.length, 2);
    assert.equal(
      proxy!.clientsByNode.reduce((sum, count) => sum + count, 0),
      talking.clients,
    );
    assert.ok(Math.min(...proxy!.clientsByNode) >= 10, `clients by node: ${proxy!.clientsByNode}`);
    assert.equal(record.path.route!.name, 'nginx-2-nodes');
  });

  test(`${transport} with TLS up to NGINX: the ledger balances, and TLS is a layer of the clients' bytes`, {
    skip,
  }, async () => {
    const record = balanced(await proxiedTrial(bundle, { scenario: talking, transport, tls: true }));
    assert.equal(record.path.route!.name, 'nginx-2-nodes+tls');
    assert.ok(Math.min(...record.proxy!.clientsByNode) >= 10, `clients by node: ${record.proxy!.clientsByNode}`);
    const { tls, whole } = record.bytes;
    assert.ok(tls && tls.setUpDown > 0 && tls.windowDown > 0);
    assert.ok(tls.setUpDown + tls.windowDown < whole.clientReadBytes);
  });
}

// A poll may reach either node; a WebSocket stays with one.
for (const transport of ['long-polling', 'websocket'] as const) {
  test(`${transport} from a source, newest state only, round robin: the ledger balances`, {
    skip,
  }, async () => {
    const proxy = { balancing: 'round_robin' } as const;
    const record = balanced(await proxiedTrial(bundle, { scenario: watching, transport, proxy, warmupMs: 300 }));
    assert.equal(processOf(record, 'source').length, 1);
  });
}

test('least_conn, three nodes: long polls are spread over all of them', { skip }, async () => {
  const proxy = { balancing: 'least_conn' } as const;
  const record = balanced(
    await proxiedTrial(bundle, { scenario: talking, transport: 'long-polling', proxy, nodes: 3 }),
  );
  const { clientsByNode } = record.proxy!;
  assert.equal(clientsByNode.length, 3);
  assert.ok(Math.min(...clientsByNode) > 0, `clients by node: ${clientsByNode}`);
});

test('one node behind NGINX is recorded as one server without a backplane', { skip }, async () => {
  const record = balanced(await proxiedTrial(bundle, { scenario: talking, transport: 'sse', nodes: 1 }));
  assert.deepEqual(record.proxy!.clientsByNode, [talking.clients]);
  assert.equal(record.path.route!.name, 'nginx');
  assert.deepEqual(
    processOf(record, 'server').map(({ name }) => name),
    ['server'],
  );
  assert.equal(processOf(record, 'backplane').length, 0);
});

for (const transport of ['websocket', 'long-polling'] as const) {
  test(`${transport} through a TCP relay before NGINX: clients are spread over both nodes`, { skip }, async () => {
    const record = balanced(await proxiedTrial(bundle, { scenario: talking, transport, rttMs: 20 }));
    assert.equal(record.path.delay, 'tcp-relay');
    assert.ok(Math.min(...record.proxy!.clientsByNode) >= 10, `clients by node: ${record.proxy!.clientsByNode}`);
    const { whole } = record.bytes;
    assert.deepEqual([whole.relayUpBytes, whole.relayDownBytes], [whole.clientWrittenBytes, whole.clientReadBytes]);
    assert.notEqual(whole.serverWrittenBytes, whole.clientReadBytes);
  });

  test(`${transport} in the isolated network: packets are counted, both nodes have clients`, { skip }, async () => {
    const record = balanced(
      await proxiedTrial(bundle, { scenario: talking, transport, rttMs: 20, network: 'isolated' }),
    );
    assert.equal(record.path.network, 'isolated');
    assert.ok(Math.min(...record.proxy!.clientsByNode) >= 10, `clients by node: ${record.proxy!.clientsByNode}`);
    const { down, up } = record.bytes.packets!.window;
    assert.ok(down.packets > 0 && up.packets > 0);
    // Retransmissions are reported back in TCP options that the sums omit, so only stages without any are judged.
    assert.equal(checkPackets(record), undefined);
    assert.ok(record.latency.delivery.p50Ms >= 20, `${record.latency.delivery.p50Ms} ms`);
  });
}

function pidsOf(what: (command: string) => boolean): readonly number[] {
  return processIds().filter((pid) => {
    try {
      return what(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
    } catch {
      return false;
    }
  });
}

test('a node that dies during a trial fails it, with the reason', { skip }, async () => {
  const record = await proxiedTrial(bundle, {
    scenario: talking,
    transport: 'websocket',
    durationMs: 20_000,
    onStage: (stage) => {
      if (stage !== 'measure') return;
      const [server] = pidsOf((command) => command.includes(`${bundle.directory}/server.cjs`));
      process.kill(server!, 'SIGKILL');
    },
  });
  assert.ok(record.status === 'failed');
  assert.deepEqual([record.stage], ['measure']);
  assert.match(record.reason, /^server-[12] ended \(SIGKILL\)/);
  assert.match(record.proxyConfiguration!, /upstream nodes/);
  trialRecord.parse(record);
});

test('NGINX that dies during a trial fails it, and none of its processes is left', { skip }, async () => {
  const isOurs = (pid: number) => workingDirectory(pid)?.startsWith(bundle.directory) === true;
  const record = await proxiedTrial(bundle, {
    scenario: talking,
    transport: 'sse',
    durationMs: 20_000,
    onStage: (stage) => {
      if (stage !== 'measure') return;
      for (const pid of pidsOf((command) => command.startsWith('nginx: master'))) {
        if (isOurs(pid)) process.kill(pid, 'SIGKILL');
      }
    },
  });
  assert.ok(record.status === 'failed');
  assert.match(record.reason, /^nginx ended \(exit code 1\): error: nginx ended \(SIGKILL\): /);
  assert.deepEqual(processIds().filter(isOurs), []);
});

test('a backplane that dies fails the trial, because no server continues without it', { skip }, async () => {
  const record = await proxiedTrial(bundle, {
    scenario: talking,
    transport: 'websocket',
    durationMs: 20_000,
    onStage: (stage) => {
      if (stage !== 'measure') return;
      const [backplane] = pidsOf((command) => command.includes(`${bundle.directory}/backplane.cjs`));
      process.kill(backplane!, 'SIGKILL');
    },
  });
  assert.ok(record.status === 'failed');
  assert.match(record.reason, /^backplane ended \(SIGKILL\)|^server-[12] ended .*the backplane has gone/);
});
