import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, type TestContext, test } from 'node:test';
import { trialChecks } from '../analysis/validity/trial-checks.ts';
import { placeOf } from '../bench/fleet/place.ts';
import { bundlePrograms } from '../bench/local/bundle.ts';
import { createLocalFleet } from '../bench/local/local-fleet.ts';
import { localHost } from '../bench/local/local-host.ts';
import { choosePinning } from '../bench/local/pinning.ts';
import { planTrials } from '../bench/plan/plan.ts';
import { runTrial } from '../bench/trial/trial.ts';
import { projectRoot } from '../machine/host/project-root.ts';
import { startScheduler } from '../machine/process/scheduler.ts';
import type { Via } from '../network/route/via.ts';
import { type Transport, transports } from '../protocol/transport.ts';
import type { CompletedTrial, Run, TrialRecord } from '../results/schema/schema.ts';
import {
  certificate,
  configurationOf,
  freePorts,
  loopback,
  type ProxyName,
  startProxy,
  viaTo,
  withoutProxies,
  withTls,
} from '../testing/commands/via-proxies.ts';
import { planRequested } from './request/plan-request.ts';

/** Trials through a user's own proxy, which --via names. */
const skip = withoutProxies;
const pvw = join(projectRoot, 'bin/pvw.js');
const home = mkdtempSync(join(tmpdir(), 'pvw-via-'));
after(() => rmSync(home, { recursive: true, force: true }));

const clients = 12;
/** Small, since trials take most of the time of this file: an unknown path needs a second to become quiet. */
const small = [
  ...['run', 'chat-room', '--clients', String(clients), '--channels', '3', '--rate', '10', '--repeats', '1'],
  ...['--warmup', '0', '--duration', '1s', '--seed', 'via', '--json'],
];

type Asked = {
  readonly url: string;
  readonly listen: readonly number[];
  readonly measured: readonly Transport[];
  readonly http?: '1' | '2';
  readonly env?: NodeJS.ProcessEnv;
};

/** Runs bin/pvw.js through `url`. Asserts that each trial completed without faults in its ledger. */
async function runVia({ url, listen, measured, http, env }: Asked) {
  const out = join(home, `${new URL(url).port}-${http ?? 1}`);
  const path = ['--listen', listen.join(','), '--via', url, ...(http ? ['--http', http] : [])];
  const args = [...small, ...path, '--transport', measured.join(','), '--out', out];
  const { code, stdout, stderr } = await ended(args, env);
  // A busy machine may make a trial invalid, which has nothing to do with its path.
  assert.ok(code === 0 || code === 4, `${code}: ${stderr}`);
  const { trials } = JSON.parse(stdout) as Run;
  assert.deepEqual(trials.map(({ transport }) => transport).sort(), [...measured].sort());
  return { trials: trials.map((trial) => balanced(trial, url)), stderr };
}

function balanced(trial: TrialRecord, url: string): CompletedTrial {
  assert.ok(trial.status === 'completed', JSON.stringify(trial));
  assert.equal(trial.path.via, url);
  assert.deepEqual(trial.ledger.faults, [], trial.transport);
  assert.equal(trial.updates.accepted, trial.updates.intended);
  assert.ok(trial.latency.delivery.count > 0);
  assert.deepEqual([trial.counts.errors, trial.counts.reconnects], [0, 0], trial.transport);
  return trial;
}

/** What hangs does so for ever. Four trials have taken more than two minutes on a busy host. */
const endsWithinMs = 400_000;

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

function ended(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((settle) => {
    const options = { cwd: home, env: { ...process.env, ...env }, timeout: endsWithinMs, maxBuffer: 64 * 2 ** 20 };
    execFile(process.execPath, [pvw, ...args], options, (error, stdout, stderr) => {
      settle({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

// Tests run at the same time, since trials wait most of their time.
describe('through a proxy', { concurrency: 3 }, () => {
  for (const name of ['haproxy', 'nginx'] as const) {
    test(`${name} as README configures it: four transports go through without faults in the ledger`, { skip }, (t) =>
      goThrough(t, name),
    );
  }

  test('HAProxy in front of two servers that take turns: both get clients, and the ledger has no faults', {
    skip,
  }, async (t) => {
    const [port, ...listen] = await freePorts(2);
    const one = configurationOf('haproxy', port, listen[0]!).replace(' check', '');
    await startProxy(t, 'haproxy', port, `${one}  server node-2 127.0.0.1:${listen[1]}\n  balance roundrobin\n`);
    const measured = ['short-polling', 'long-polling', 'websocket'] as const;
    const { trials } = await runVia({ url: `http://${loopback}:${port}`, listen, measured });
    for (const trial of trials) {
      assert.equal(trial.processes.filter(({ role }) => role === 'server').length, 2);
      const seen = trial.clientsSeenByServer!;
      assert.ok(seen.length === 2 && Math.min(...seen) > 0, `${trial.transport}: ${seen}`);
      assert.ok(!codesOf(trial).includes('server-unreached'));
    }
  });

  test('HAProxy with TLS and HTTP/2 for clients: polling and SSE go through', { skip }, async (t) => {
    const trials = await overTls(t, '2', ['short-polling', 'long-polling', 'sse']);
    // One connection for each client, as in a browser.
    for (const { counts } of trials) assert.equal(counts.connections, clients);
  });

  test('HAProxy with TLS and HTTP/1.1 for clients: WebSocket and long polling go through', {
    skip,
  }, async (t) => {
    const trials = await overTls(t, '1', ['websocket', 'long-polling']);
    for (const trial of trials) assert.equal(trial.counts.connections, connectionsOf(trial));
  });

  test('a server that gets no client through the proxy causes a warning', { skip }, async (t) => {
    const [port, ...listen] = await freePorts(2);
    await startProxy(t, 'haproxy', port, configurationOf('haproxy', port, listen[0]!));
    const via = viaTo(port, ...listen);
    const trial = balanced(await trialThrough(t, via, 'sse'), via.url);
    assert.deepEqual(trial.clientsSeenByServer, [clients, 0]);
    assert.ok(codesOf(trial).includes('server-unreached'));
  });

  test('a port that is taken when a trial begins fails that trial, and the reason names the port', async (t) => {
    const other = createServer().listen(0, loopback);
    await once(other, 'listening');
    t.after(() => other.close());
    const { port } = other.address() as AddressInfo;
    const [free] = await freePorts(0);
    const via = { ...viaTo(free, port), url: 'http://a.example' };
    const record = await trialThrough(t, via, 'sse');
    assert.ok(record.status === 'failed');
    assert.deepEqual([record.stage, record.path.via], ['start', via.url]);
    assert.equal(record.reason, `port ${port} is taken, and http://a.example leads to it`);
  });
});

/** Runs one trial in this process, without the checks before a run. */
async function trialThrough(t: TestContext, via: Via, transport: Transport): Promise<TrialRecord> {
  const bundle = await bundlePrograms();
  t.after(() => bundle.remove());
  const { listen, ...url } = via;
  const asked = { clients, channels: 3, rate: 10, repeats: 1, warmup: 0, duration: 1_000, seed: 'via' };
  const [trial] = planTrials(planRequested(['chat-room'], { ...asked, transport: [transport], listen, via: url }));
  const pinning = choosePinning();
  return await runTrial(trial!, {
    fleet: createLocalFleet(bundle.programs, pinning),
    host: localHost(pinning),
    place: placeOf(trial!, undefined),
    directory: bundle.directory,
    openFiles: 1_000,
    startScheduler,
    onStage: () => {},
    signal: t.signal,
  });
}

async function goThrough(t: TestContext, name: ProxyName): Promise<void> {
  const [port, behind] = await freePorts();
  await startProxy(t, name, port, configurationOf(name, port, behind!));
  const url = `http://${loopback}:${port}`;
  const { trials, stderr } = await runVia({ url, listen: [behind!], measured: transports });
  assert.match(stderr, new RegExp(`Listening on 127\\.0\\.0\\.1:${behind}; waiting up to 30 s for ${url} `));
  for (const trial of trials) {
    assert.deepEqual([trial.path.network, trial.path.rttMs], ['loopback', 0]);
    assert.deepEqual([trial.bytes.packets, trial.hostCpuWindowMs], [null, null]);
    assert.equal(trial.counts.connections, connectionsOf(trial));
    assert.equal(trial.clientsSeenByServer, undefined);
    const { down, up } = trial.bytes;
    assert.ok(down.framingBytes >= 0 && up.framingBytes >= 0);
    const codes = codesOf(trial);
    assert.ok(!codes.some((each) => ['bytes-disagree', 'littles-law'].includes(each)), codes.join());
  }
}

async function overTls(t: TestContext, http: '1' | '2', measured: readonly Transport[]) {
  const [port, behind] = await freePorts();
  const { pem, crt } = certificate(t);
  await startProxy(t, 'haproxy', port, withTls(configurationOf('haproxy', port, behind!), pem, ' alpn h2,http/1.1'));
  const env = { NODE_EXTRA_CA_CERTS: crt };
  const { trials } = await runVia({ url: `https://localhost:${port}`, listen: [behind!], measured, http, env });
  for (const trial of trials) {
    assert.equal(trial.path.route?.http, Number(http));
    assert.ok(trial.bytes.tls!.windowDown > 0 && trial.bytes.tls!.setUpDown > 0);
  }
  return trials;
}

/** Connections of all clients over HTTP/1.1, where all transports but WebSocket publish on a second connection. */
function connectionsOf({ transport }: CompletedTrial): number {
  return transport === 'websocket' ? clients : 2 * clients;
}

function codesOf(trial: CompletedTrial): readonly string[] {
  return trialChecks.flatMap((check) => check(trial)?.code ?? []);
}
