import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { bundlePrograms } from '../../bench/local/bundle.ts';
import { directRoute, type Route, routeName } from '../../network/route/route.ts';
import { type Transport, transports } from '../../protocol/transport.ts';
import { type CompletedTrial, trialRecord } from '../../results/schema/schema.ts';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { shortTrial } from './short-trial.ts';

const bundle = await bundlePrograms();
after(() => bundle.remove());

const cookieBytes = 500;
const browser: Route = { ...directRoute, headers: 'browser', cookieBytes };
const compressed: Route = { ...directRoute, compression: { contextTakeover: true } };
const forgetful: Route = { ...browser, compression: { contextTakeover: false } };

type Asked = {
  readonly scenario: Scenario;
  readonly routes: readonly Route[];
  readonly transports: readonly Transport[];
};
type Found = { readonly route: Route; readonly transport: Transport; readonly trial: CompletedTrial };

async function runAll({ scenario, routes, transports }: Asked): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const route of routes) {
    // Compression with context needs earlier data to refer to.
    const warmupMs = route.compression?.contextTakeover ? 300 : 0;
    for (const transport of transports) {
      const trial = await shortTrial(bundle, { scenario, transport, route, durationMs: 1_500, warmupMs });
      assert.ok(trial.status === 'completed', `${transport} over ${routeName(route)}: ${JSON.stringify(trial)}`);
      found.push({ route, transport, trial });
    }
  }
  return found;
}

/** The ledger balances, no layer is negative, and the layers add up to what the sockets of both ends counted. */
function assertSound({ route, transport, trial }: Found): void {
  const name = `${transport} over ${routeName(route)}`;
  trialRecord.parse(trial);
  assert.deepEqual(trial.ledger.faults, [], name);
  assert.equal(trial.counts.errors, 0, name);
  const { down, up, serverReadBytes, serverWrittenBytes, whole } = trial.bytes;
  for (const layer of [down, up]) {
    const { encodedUpdateBytes, framingBytes, drainFramingBytes, surplusUpdateBytes } = layer;
    const least = Math.min(encodedUpdateBytes, framingBytes, drainFramingBytes, surplusUpdateBytes);
    assert.ok(least >= 0, `${name}: ${JSON.stringify(layer)}`);
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

/** Bytes after compression for each byte before, of the updates sent to clients. */
function ratio({ trial }: Found): number {
  const { encodedUpdateBytes, uncompressedUpdateBytes } = trial.bytes.down;
  return encodedUpdateBytes / uncompressedUpdateBytes!;
}

const few: Pick<Scenario, 'clients' | 'pollIntervalMs'> = { clients: 20, pollIntervalMs: 300 };
const chat: Scenario = { ...findScenario('chat-room')!, ...few };
const game: Scenario = { ...findScenario('online-game')!, ...few };

test('chat of 120 bytes: each request has browser headers, messages and streams are compressed, ledgers balance', async () => {
  const found = await runAll({ scenario: chat, routes: [browser, compressed], transports });
  assert.equal(found.length, 2 * transports.length);
  for (const each of found) assertSound(each);
  for (const { route, transport, trial } of found) {
    const perRequest = trial.bytes.setUpUpBytes / few.clients;
    // Chrome's head has some 550 bytes without a cookie, the minimal one about 100, that of a handshake 220.
    assert.equal(perRequest > 900, route === browser, `${transport} over ${routeName(route)}: ${perRequest} bytes`);
  }
  const ratioOf = (wanted: Transport) =>
    ratio(found.find(({ route, transport }) => route === compressed && transport === wanted)!);
  assert.ok(ratioOf('websocket') < 0.8 && ratioOf('sse') < 0.9, `${ratioOf('websocket')}, ${ratioOf('sse')}`);
});

test('a game: what clients send is compressed over WebSocket, but not over HTTP', async () => {
  const found = await runAll({ scenario: game, routes: [compressed], transports: ['sse', 'websocket'] });
  for (const each of found) assertSound(each);
  for (const { transport, trial } of found) {
    const { encodedUpdateBytes, uncompressedUpdateBytes } = trial.bytes.up;
    assert.ok(uncompressedUpdateBytes! > 0);
    assert.equal(encodedUpdateBytes < uncompressedUpdateBytes!, transport === 'websocket', transport);
  }
});

test('chat of 3,000 bytes: above the threshold everything is compressed, even without context', async () => {
  const scenario: Scenario = { ...chat, payload: { ...chat.payload, bytes: 3_000 } };
  const found = await runAll({ scenario, routes: [forgetful], transports });
  for (const each of found) {
    assertSound(each);
    assert.ok(ratio(each) < 0.7, `${each.transport}: ${ratio(each)}`);
  }
});
