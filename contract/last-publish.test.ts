import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Load } from '../clients/load/load.ts';
import { clockSince, newEpoch } from '../machine/process/clock.ts';
import { directRoute } from '../network/route/route.ts';
import { defaultLimits } from '../protocol/limits.ts';
import { transports } from '../protocol/transport.ts';
import { findScenario } from '../scenarios/catalogue/catalogue.ts';
import { startNode } from '../servers/main/node.ts';

const chat = findScenario('chat-room')!;

for (const transport of transports) {
  test(`${transport}: a publish due at the very end of a phase is awaited, however late it is`, async (t) => {
    const epoch = newEpoch();
    const clock = clockSince(epoch);
    const { encoding, semantics, echo, heartbeatMs } = chat;
    const limits = defaultLimits;
    const node = await startNode({ channels: 1, encoding, semantics, echo, heartbeatMs, limits, clock });
    t.after(() => node.close());
    const scenario = {
      ...chat,
      clients: 1,
      channels: 1,
      pollIntervalMs: 20,
      arrivals: { kind: 'trace', instantsMs: [10, 99.9], lengthMs: 100 },
    } as const;
    const load = new Load({
      transport,
      scenario,
      from: 0,
      to: 1,
      host: '127.0.0.1',
      ports: [node.port],
      route: directRoute,
      implementation: 'lean',
      epoch,
      seed: 's',
    });
    t.after(() => load.close());
    await load.connect({ perSecond: 1000, underWay: 1, withinMs: 5000 });
    load.prepare({ kind: 'window', scenario, seed: 's', durationUs: 100_000 });
    const startUs = clock.nowUs() + 5_000;
    const playing = load.play(startUs);
    // Blocks the event loop when the last publish is due.
    setTimeout(() => {
      while (clock.nowUs() < startUs + 112_000);
    }, 90);
    await playing;
    assert.equal(load.counters().tally.publishedUpdates, 2);
    assert.equal(node.context.stream.head(0), 2);
    await load.drain(Uint32Array.of(2), 5000);
    assert.equal(load.ledger()[0]?.newest, 2);
  });
}
