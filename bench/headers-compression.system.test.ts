import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directRoute, type Route, routeName } from '../network/route.ts';
import { type Transport, transports } from '../protocol/transport.ts';
import { type CompletedTrial, trialRecord } from '../results/schema.ts';
import { findScenario } from '../scenarios/catalogue.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { bundlePrograms } from './bundle.ts';
import { createLocalFleet } from './local-fleet.ts';
import { choosePinning } from './pinning.ts';
import { planTrials } from './plan.ts';
import { runTrial } from './trial.ts';

const compressed: Route = { ...directRoute, compression: { contextTakeover: true } };
const routes: readonly Route[] = [
  directRoute,
  { ...directRoute, headers: 'browser', cookieBytes: 500 },
  compressed,
  { ...compressed, compression: { contextTakeover: false } },
  { ...compressed, headers: 'browser' },
];

type Found = { readonly route: Route; readonly transport: Transport; readonly trial: CompletedTrial };

async function runAll(scenario: Scenario): Promise<readonly Found[]> {
  const trials = planTrials({
    profile: 'smoke',
    seed: 'headers',
    transports,
    rttMs: 0,
    routes,
    scenarios: [{ scenario, repeats: 1, durationMs: 1_500, warmupMs: 300 }],
  });
  const bundle = await bundlePrograms();
  const found: Found[] = [];
  try {
    for (const trial of trials) {
      const fleet = createLocalFleet(bundle.programs, choosePinning());
      const record = await runTrial(trial, { fleet, directory: bundle.directory, openFiles: 1_000, onStage: () => {} });
      const name = `${trial.transport} over ${routeName(trial.route)}`;
      assert.ok(record.status === 'completed', `${name}: ${JSON.stringify(record)}`);
      found.push({ route: trial.route, transport: trial.transport, trial: record });
    }
  } finally {
    await bundle.remove();
  }
  return found;
}

/** Books balance, no layer is negative, and the layers are what the sockets of both ends counted. */
function assertSound({ route, transport, trial }: Found): void {
  const name = `${transport} over ${routeName(route)}`;
  trialRecord.parse(trial);
  assert.deepEqual(trial.ledger.faults, [], name);
  assert.equal(trial.counts.errors, 0, name);
  const { down, up, serverReadBytes, serverWrittenBytes, whole } = trial.bytes;
  for (const layer of [down, up]) {
    for (const bytes of [
      layer.encodedUpdateBytes,
      layer.framingBytes,
      layer.drainFramingBytes,
      layer.surplusUpdateBytes,
    ]) {
      assert.ok(bytes >= 0, `${name}: ${JSON.stringify(layer)}`);
    }
    assert.equal(layer.uncompressedUpdateBytes !== undefined, route.compression !== null, name);
  }
  assert.equal(down.encodedUpdateBytes + down.framingBytes, serverWrittenBytes, name);
  assert.equal(up.encodedUpdateBytes + up.framingBytes, serverReadBytes, name);
  assert.deepEqual(
    [whole.serverReadBytes, whole.serverWrittenBytes],
    [whole.clientWrittenBytes, whole.clientReadBytes],
  );
  const layers = trial.specimen?.flatMap(({ pieces }) => pieces.map(({ layer }) => layer));
  assert.ok(layers?.includes('update'), `${name}: the specimen shows ${layers}`);
}

const few: Pick<Scenario, 'clients' | 'pollIntervalMs'> = { clients: 20, pollIntervalMs: 300 };
const scenarios: readonly Scenario[] = [
  { ...findScenario('chat-room')!, ...few },
  { ...findScenario('online-game')!, ...few },
  {
    ...findScenario('notifications')!,
    ...few,
    channels: 20,
    arrivals: { kind: 'poisson', perSecond: 2 },
    payload: { kind: 'notice', bytes: 3_000 },
  },
];

for (const scenario of scenarios) {
  test(`${scenario.name}, ${scenario.payload.bytes} bytes: trials over browser headers and compression balance`, async () => {
    const found = await runAll(scenario);
    assert.equal(found.length, routes.length * transports.length);
    for (const each of found) assertSound(each);
    const of = (transport: Transport, route: Route) =>
      found.find((each) => each.transport === transport && each.route === route)!.trial.bytes;
    for (const transport of transports) {
      const [direct, browser] = [of(transport, routes[0]!), of(transport, routes[1]!)];
      assert.ok(
        browser.setUpUpBytes > direct.setUpUpBytes + 20 * 900,
        'browser headers and cookie with each first request',
      );
      assert.equal(browser.down.uncompressedUpdateBytes, undefined);
    }
    const { down } = of('websocket', compressed);
    assert.ok(down.encodedUpdateBytes < 0.8 * down.uncompressedUpdateBytes!, `${JSON.stringify(down)}`);
  });
}
