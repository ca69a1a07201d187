import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadConfig } from '../clients/load/crowd.ts';
import { captureSpecimen } from '../clients/load/specimen.ts';
import { clientImplementations } from '../network/route/client-implementation.ts';
import { directRoute } from '../network/route/route.ts';
import { transports } from '../protocol/transport.ts';
import { findScenario } from '../scenarios/catalogue/catalogue.ts';
import { emit, startTestNode } from './harness.ts';

const chat = findScenario('chat-room')!;

for (const transport of transports) {
  for (const implementation of clientImplementations) {
    test(`${transport}, ${implementation}: its specimen has the newest state among the captured bytes`, async (t) => {
      const node = await startTestNode();
      t.after(() => node.close());
      for (const text of ['first', 'second']) emit(node, text);
      const config: LoadConfig = {
        transport,
        scenario: { ...chat, clients: 1, channels: 1, holdMs: 50 },
        from: 0,
        to: 1,
        host: '127.0.0.1',
        ports: [node.port],
        route: directRoute,
        implementation,
        epoch: node.context.clock.epoch,
        seed: 's',
      };
      const { passages, updates } = (await captureSpecimen(config, node.context.clock))!;
      const newest = node.context.stream.newest(0)!.encoded;
      assert.deepEqual(updates, [newest]);
      const captured = (direction: 'up' | 'down') =>
        Buffer.concat(passages.filter((each) => each.direction === direction).map(({ bytes }) => bytes));
      assert.ok(captured('down').includes(newest));
      assert.match(captured('up').toString('latin1'), /^GET /);
    });
  }
}
