import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { profiles } from '../../bench/plan/profiles.ts';
import { links } from '../../network/link/links.ts';
import { directRoute, routeName } from '../../network/route/route.ts';
import { transports } from '../../protocol/transport.ts';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import { ratePerSecond } from '../../scenarios/scenario.ts';
import { UsageError } from '../../text/usage-error.ts';
import type { RunRequest } from '../options/run-request.ts';
import { checkPlan } from './check-plan.ts';
import { planRequested } from './plan-request.ts';

const limits = { openFiles: 20_000, ephemeralPorts: 28_232 };
const directory = mkdtempSync(join(tmpdir(), 'pvw-plan-'));
after(() => rmSync(directory, { recursive: true }));

function scenarioFor(name: string, request: RunRequest) {
  return planRequested([name], request).scenarios[0]!.scenario;
}

function complaintAbout(names: readonly string[], request: RunRequest): string {
  try {
    checkPlan(planRequested(names, request), request, limits);
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return error.message;
  }
  return assert.fail('nothing was refused');
}

test('without arguments the plan is the profile quick with every transport', () => {
  const plan = planRequested([], {});
  assert.equal(plan.profile, 'quick');
  assert.equal(plan.rttMs, 40);
  assert.deepEqual(plan.transports, transports);
  assert.deepEqual(
    plan.scenarios.map(({ scenario }) => scenario.name),
    profiles.quick.scenarios.map(({ name }) => name),
  );
  checkPlan(plan, {}, limits);
});

test('scenario names replace the list of the profile, each once and in the order given', () => {
  const { scenarios } = planRequested(['ticker', 'chat-room', 'ticker'], { profile: 'smoke' });
  assert.deepEqual(
    scenarios.map(({ scenario, durationMs }) => [scenario.name, durationMs]),
    [
      ['ticker', 3_000],
      ['chat-room', 3_000],
    ],
  );
});

test('--aa takes one transport, one scenario and 12 repeats unless scenarios or --repeats are given', () => {
  const plan = planRequested([], { aa: 'sse' });
  assert.deepEqual([plan.transports, plan.aa], [['sse'], true]);
  assert.deepEqual(
    plan.scenarios.map(({ scenario, repeats }) => [scenario.name, repeats]),
    [['chat-room', 12]],
  );
  const asked = planRequested(['ticker', 'presence'], { aa: 'sse', repeats: 3 });
  assert.deepEqual(
    asked.scenarios.map(({ scenario, repeats }) => [scenario.name, repeats]),
    [
      ['ticker', 3],
      ['presence', 3],
    ],
  );
  assert.throws(() => planRequested([], { aa: 'sse', transport: ['websocket'] }), UsageError);
  assert.equal(planRequested([], {}).aa, undefined);
});

test('options win over profile and scenario', () => {
  const plan = planRequested(['chat-room'], {
    transport: ['sse'],
    clients: 20,
    channels: 4,
    payloadBytes: 64,
    pollInterval: 500,
    hold: 1_000,
    heartbeat: 2_000,
    duration: 4_000,
    warmup: 0,
    repeats: 7,
    seed: 'mine',
    rtt: 0,
  });
  const [planned] = plan.scenarios;
  const { clients, channels, payload, pollIntervalMs, holdMs, heartbeatMs } = planned!.scenario;
  assert.deepEqual([plan.transports, plan.seed, plan.rttMs], [['sse'], 'mine', 0]);
  assert.deepEqual([planned!.durationMs, planned!.warmupMs, planned!.repeats], [4_000, 0, 7]);
  assert.deepEqual([clients, channels, payload.bytes], [20, 4, 64]);
  assert.deepEqual([pollIntervalMs, holdMs, heartbeatMs], [500, 1_000, 2_000]);
});

test('a named link sets all conditions of the plan, and the name of its link', () => {
  const { rttMs, impairments, link } = planRequested([], { link: 'mobile-4g' });
  const { rttMs: named, ...others } = links['mobile-4g'].conditions;
  assert.deepEqual([rttMs, impairments, link], [named, others, 'mobile-4g']);
  assert.equal(planRequested([], { link: 'lan' }).rttMs, 1);
});

test('an option replaces one condition of the named link and drops its name; --bandwidth sets both directions', () => {
  const plan = planRequested([], { link: 'satellite', rtt: 300, loss: 0 });
  assert.deepEqual([plan.rttMs, plan.impairments?.jitterMs, plan.impairments?.lossShare], [300, 30, 0]);
  assert.equal(plan.impairments?.upBandwidthBitsPerSecond, 2.54e6);
  assert.equal(plan.link, undefined);
  const { impairments } = planRequested([], { link: 'satellite', bandwidth: 5e6 });
  assert.deepEqual([impairments?.bandwidthBitsPerSecond, impairments?.upBandwidthBitsPerSecond], [5e6, undefined]);
});

test('--via: an https URL encrypts the path, no round-trip time is added, and each --listen is a server', () => {
  const listen = [{ host: '127.0.0.1', port: 8081 }];
  const via = { url: 'https://a.example', host: 'a.example', port: 443, encrypted: true };
  const plan = planRequested([], { listen, via });
  assert.deepEqual([plan.rttMs, plan.via], [0, { ...via, listen }]);
  assert.deepEqual(plan.routes, [{ ...directRoute, tls: { resumption: true } }]);
  assert.equal(planRequested([], { listen, via: { ...via, encrypted: false } }).routes, undefined);
  const [several] = planRequested([], { listen: [...listen, { host: '127.0.0.1', port: 8082 }], via }).routes!;
  assert.deepEqual([several!.nodes, routeName(several!)], [2, '2-nodes+tls']);
  assert.equal(planRequested([], { listen, via, http: '2' }).routes![0]!.http, 2);
});

test('--rate changes the mean rate of arrivals, not their kind', () => {
  for (const name of ['chat-room', 'online-game', 'presence']) {
    const { arrivals } = scenarioFor(name, { rate: 3 });
    assert.equal(arrivals.kind, scenarioFor(name, {}).arrivals.kind);
    assert.equal(ratePerSecond(arrivals), 3);
  }
});

test('without --seed each plan draws its own seed', () => {
  assert.match(planRequested([], {}).seed, /^[0-9a-f]{8}$/);
  assert.notEqual(planRequested([], {}).seed, planRequested([], {}).seed);
});

test('a trace replaces the arrivals of a scenario and excludes --rate', () => {
  const trace = join(directory, 'arrivals.txt');
  writeFileSync(trace, '0\n100\n300\nlength 1000\n');
  assert.deepEqual(scenarioFor('ticker', { trace }).arrivals, {
    kind: 'trace',
    instantsMs: [0, 100, 300],
    lengthMs: 1000,
  });
  assert.match(complaintAbout(['ticker'], { trace, rate: 2 }), /^--rate: 2 cannot be used together with --trace/);
});

test('the error for a trace names the file, and the line that is wrong', () => {
  const trace = join(directory, 'broken.txt');
  writeFileSync(trace, '0\nsoon\n');
  assert.match(complaintAbout(['ticker'], { trace }), /^--trace: .*broken\.txt, line 2: "soon" /);
  assert.match(complaintAbout(['ticker'], { trace: join(directory, 'none') }), /^--trace: .*none: cannot be read/);
});

test('refuses values that do not fit the scenario, naming option, value and what is allowed', () => {
  assert.match(
    complaintAbout(['chat-room'], { channels: 101 }),
    /^--channels: "101" .*give at most 100, one per client/,
  );
  assert.match(complaintAbout(['chat-room'], { clients: 9 }), /^--clients: "9" is fewer .*give at least 10/);
  assert.match(complaintAbout(['chat-room'], { payloadBytes: 1 }), /^--payload-bytes: "1" .*from 32 to \d+$/);
  const absurd = complaintAbout(['ticker'], { rate: 10_000, clients: 5_000 });
  assert.match(absurd, /^--rate: "10000" is 50000000 deliveries per second .*give at most 400 updates/);
});

test('refuses more inputs than a server can take, and payloads that are too large as base64', () => {
  const inputs = complaintAbout(['online-game'], { clients: 300_000, rate: 0.1 });
  assert.match(
    inputs,
    /^--clients: "300000" with 10 inputs per second each are too many for online-game; give at most 200000/,
  );
  const scenario = { ...findScenario('live-stream')!, name: 'own', encoding: 'json' } as const;
  const plan = planRequested([{ scenario, times: {} }], { payloadBytes: 200_000 });
  assert.throws(
    () => checkPlan(plan, {}, limits),
    /^UsageError: --payload-bytes: "200000" is too large .*from 1 to 195840$/,
  );
});

test('refuses more clients than the open-files limit allows; only a path with a relay counts the relay', () => {
  const relayed = complaintAbout(['ticker'], { clients: 20_000, transport: ['websocket'] });
  assert.match(
    relayed,
    /^--clients: 20000 .* limit is 20000 .*1 descriptor .*2 in a relay; at most 19744 clients fit$/,
  );
  assert.doesNotMatch(complaintAbout(['ticker'], { clients: 20_000, rtt: 0 }), /relay/);
  checkPlan(planRequested(['ticker'], { clients: 19_744 }), { clients: 19_744 }, limits);
});

test('a storm needs a proxy and a second node, and is refused if newer updates replace older ones', () => {
  const storm = 'node-killed';
  const proxied = { proxy: 'nginx', storm } as const;
  assert.match(complaintAbout(['chat-room'], { storm }), /^--storm: node-killed needs --proxy nginx on every path/);
  assert.match(
    complaintAbout(['chat-room'], { ...proxied, nodes: 1 }),
    /^--storm: node-killed needs --nodes 2 or more, or nginx-2-nodes in --paths$/,
  );
  assert.match(complaintAbout(['ticker'], proxied), /^--storm: node-killed is not for ticker, in which newer updates/);
  const turns = { ...proxied, storm: 'proxy-reloaded', balance: 'round_robin' } as const;
  assert.match(complaintAbout(['ticker'], turns), /^--storm: proxy-reloaded is not for ticker/);
  assert.equal(planRequested(['chat-room'], proxied).storm, storm);
});

test('a proxy holds two descriptors for each connection', () => {
  const many = { proxy: 'nginx', clients: 10_000, transport: ['websocket'], rtt: 0 } as const;
  assert.match(
    complaintAbout(['ticker'], many),
    /^--clients: 10000 .* takes 2 descriptors a client in NGINX; at most 9872/,
  );
});
