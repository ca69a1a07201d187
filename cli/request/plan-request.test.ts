import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { planTrials } from '../../bench/plan/plan.ts';
import { profiles } from '../../bench/plan/profiles.ts';
import { links } from '../../network/link/links.ts';
import { directRoute, routeName } from '../../network/route/route.ts';
import { transports } from '../../protocol/transport.ts';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import { ratePerSecond, type Scenario } from '../../scenarios/scenario.ts';
import { UsageError } from '../../text/usage-error.ts';
import type { RunRequest } from '../options/run-request.ts';
import { checkPlan } from './check-plan.ts';
import { planRequested } from './plan-request.ts';

const limits = { openFiles: 20_000, ephemeralPorts: 60_000, memoryBytes: Number.POSITIVE_INFINITY };
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

test('refuses a window in which nothing happens: when the first update would be, and what to change', () => {
  const late = join(directory, 'late.txt');
  writeFileSync(late, '60000\n60010\n60020\n119000\n');
  const short = { duration: 1_000, warmup: 0, repeats: 3 };
  assert.equal(
    complaintAbout(['chat-room'], { trace: late, ...short }),
    '--duration: "1s" is too short: the window of chat-room would have no update, the first is at 60s; ' +
      'give more than 60s, or another --trace',
  );
  assert.match(complaintAbout(['ticker'], { trace: late, duration: 60_000 }), /^--duration: "60s" is too short: /);
  checkPlan(planRequested(['ticker'], { trace: late, duration: 60_001 }), {}, limits);
  // A warm-up of any length plays the trace from its start, and so does the window.
  assert.match(complaintAbout(['ticker'], { trace: late, duration: 5_000, warmup: 300_000 }), /the first is at 60s/);
  writeFileSync(join(directory, 'next-hour.txt'), '5400000\n5400100\n');
  assert.match(
    complaintAbout(['ticker'], { trace: join(directory, 'next-hour.txt') }),
    /^--trace: ".*" begins too late: the window .* the first is at 5400s; give one that begins before 3600s, the longest /,
  );
  assert.equal(
    complaintAbout(['chat-room'], { rate: 0.001, profile: 'smoke' }),
    '--duration: "3s" is too short: the window of chat-room would have no update, one is expected every ' +
      '100s; give at least 50s, or a higher --rate',
  );
  checkPlan(planRequested(['chat-room'], { rate: 0.001, duration: 50_000 }), {}, limits);
  // Fewer channels have fewer updates: one each three minutes, of two people.
  assert.match(
    complaintAbout(['notifications'], { channels: 2, profile: 'smoke' }),
    /window of notifications would have no update, one is expected every 90s; give at least 45s, or a higher --rate$/,
  );
  // 0.2 bursts a second: half a burst in 2.5 s.
  assert.match(
    complaintAbout(['presence'], { channels: 1, duration: 2_499 }),
    /^--duration: "2\.499s" .*of presence would have no update, a burst is expected every 5s; give at least 2\.5s/,
  );
  // Of several scenarios the one at fault is named.
  assert.match(
    complaintAbout(['ticker', 'notifications'], { clients: 200, duration: 500, channels: 1 }),
    /of notifica/,
  );
});

test('refuses an empty window of a scenario of the user, whatever its arrivals came from', () => {
  const own = (arrivals: Scenario['arrivals'], times = {}, changes: Partial<Scenario> = {}) => {
    const scenario = { ...findScenario('chat-room')!, name: 'own', arrivals, ...changes };
    const plan = planRequested([{ scenario, times }], {});
    try {
      checkPlan(plan, {}, limits);
    } catch (error) {
      return (error as Error).message;
    }
    return assert.fail('nothing was refused');
  };
  const trace = (firstMs: number) => ({ kind: 'trace', instantsMs: [firstMs], lengthMs: 2 * firstMs }) as const;
  assert.match(
    own(trace(7_000), { durationMs: 5_000 }),
    /^--duration: "5s" .*of own would have no update, the first is at 7s; give more than 7s, or --trace$/,
  );
  assert.match(
    own(trace(900), { durationMs: 900 }),
    /^--duration: "0\.9s" .* the first is at 0\.9s; give more than 0\.9s/,
  );
  assert.match(
    own(trace(4_000_000)),
    /^own: arrivals: "trace" begins too late: .* the first is at 4000s; give one that /,
  );
  assert.match(
    own({ kind: 'constant', perSecond: 0.002 }, { durationMs: 5_000 }),
    /one is expected every 50s; give at least 25s/,
  );
  assert.match(
    own({ kind: 'poisson', perSecond: 5 }, {}, { clients: 10, echo: false }),
    /^--clients: "10" leaves each client of own alone in its channel.*; give more than 10, or a scenario with echo$/,
  );
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
    /^--clients: 20000 .* limit \(ulimit -n\) is 20000 .*1 descriptor .*2 in a relay; at most 19744 clients fit; give --nodes 2, or raise the limit: ulimit -n 20256$/,
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

test('--load-processes is planned for every trial, and absent unless it is given', () => {
  const plan = planRequested(['ticker'], { loadProcesses: 3 });
  assert.equal(plan.loadProcesses, 3);
  assert.ok(planTrials(plan).every(({ loadProcesses }) => loadProcesses === 3));
  const usual = planRequested(['ticker'], {});
  assert.ok(!('loadProcesses' in usual) && !('loadProcesses' in planTrials(usual)[0]!));
});

test('fewer load processes than the open-files limit needs are refused, with the limit and the smallest number', () => {
  const planned = (loadProcesses: number) => () =>
    planRequested(['ticker'], { clients: 2_000, transport: ['websocket'], loadProcesses }, () => 1_256);
  assert.throws(
    planned(1),
    /^UsageError: --load-processes: 1 cannot hold .* limit \(ulimit -n\) is 1256 .*give at least 2$/,
  );
  assert.doesNotThrow(planned(2));
  // The limit is read only for those who ask.
  planRequested(['ticker'], { clients: 2_000 }, () => assert.fail('read'));
});
