import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockSince, newEpoch } from '../../machine/process/clock.ts';
import { directRoute, type Route } from '../../network/route/route.ts';
import { type Transport, transports } from '../../protocol/transport.ts';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { measureClientWork } from './client-work.ts';
import type { LoadConfig } from './crowd.ts';

const epoch = newEpoch();

function workOf(transport: Transport, given: Partial<Scenario> = {}, route: Route = directRoute) {
  const scenario = { ...findScenario('chat-room')!, clients: 8, channels: 2, ...given };
  const config: LoadConfig = {
    transport,
    scenario,
    from: 0,
    to: scenario.clients,
    host: '127.0.0.1',
    ports: [1],
    route,
    implementation: 'lean',
    epoch,
    seed: 'work',
  };
  return measureClientWork(config, clockSince(epoch));
}

for (const transport of transports) {
  for (const encoding of ['json', 'binary'] as const) {
    const payload = { kind: encoding === 'json' ? 'chat-text' : 'media-chunk', bytes: 2_000 } as const;
    test(`every echo reaches the client: ${transport}, ${encoding}`, async () => {
      const work = (await workOf(transport, { encoding, payload }))!;
      // Four clients share a channel, but each polls at an instant of its own.
      const audience = transport === 'short-polling' ? 1 : 4;
      assert.ok(work.echoes >= 30 * audience && work.echoes <= 60 * audience, `${work.echoes}`);
      assert.ok(work.medianUs >= 0 && work.medianUs < 1e6, `${work.medianUs}`);
    });
  }
}

for (const [name, bytes] of [
  ['several reads', 100_000],
  ['the smallest frame', 1],
] as const) {
  test(`an update of ${name} over WebSocket`, async () => {
    const payload = { kind: 'media-chunk', bytes } as const;
    assert.ok(await workOf('websocket', { encoding: 'binary', payload }));
  });
}

test('a browser’s headers are sent', async () => {
  assert.ok(await workOf('websocket', {}, { ...directRoute, headers: 'browser', cookieBytes: 100 }));
});

test('what the echo does not speak is not measured', async () => {
  const others: readonly Partial<Route>[] = [
    { tls: { resumption: true } },
    { tls: { resumption: true }, http: 2 },
    { compression: { contextTakeover: true } },
  ];
  for (const route of others) assert.equal(await workOf('sse', {}, { ...directRoute, ...route }), undefined);
});
