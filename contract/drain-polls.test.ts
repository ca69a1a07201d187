import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LoadTally } from '../clients/subscriber/transport-client.ts';
import { connectClient, emit, startTestNode, type TestClient, until } from './harness.ts';

/** Polls after the window are counted separately, without the bytes of publishes at the same time. */

async function connected(t: TestContext): Promise<{ readonly client: TestClient; readonly tell: () => void }> {
  const node = await startTestNode({ speaks: 'h2' });
  t.after(() => node.close());
  emit(node, 'the state');
  const client = connectClient(node, 'short-polling', { client: 1, pollIntervalMs: 0 });
  t.after(client.close);
  await until(() => client.timesSubscribed() > 0, 'it is subscribed');
  return { client, tell: () => emit(node, 'x'.repeat(200)) };
}

const counted = [
  'drainRequests',
  'drainUpFramingBytes',
  'drainDownFramingBytes',
  'drainUpTlsBytes',
  'drainDownTlsBytes',
] as const satisfies readonly (keyof LoadTally)[];

/** The counters of one poll after the window, with a publish just before or just after the poll starts. */
async function pollAfterWindow(
  { transport, tally, acknowledged }: TestClient,
  publishes: { readonly before?: () => void; readonly after?: () => void } = {},
): Promise<readonly number[]> {
  const start = { ...tally };
  const published = acknowledged.length + (publishes.before ? 1 : 0) + (publishes.after ? 1 : 0);
  publishes.before?.();
  assert.equal(transport.poll?.(true), true);
  publishes.after?.();
  const answered = () => tally.drainRequests > start.drainRequests && acknowledged.length === published;
  await until(answered, 'poll and publish are answered');
  return counted.map((name) => tally[name] - start[name]);
}

test('over HTTP/2 a publish during a poll after the window is not counted with the poll', async (t) => {
  const { client } = await connected(t);
  const alone = await pollAfterWindow(client);
  assert.equal(alone[0], 1);
  assert.ok(alone.slice(1).every((bytes) => bytes > 0 && bytes < 150));
  const after = () => client.publish(1, 'y'.repeat(500));
  assert.deepEqual(await pollAfterWindow(client, { after }), alone);
});

test('over HTTP/2 a publish before or during a poll that brings updates is not counted with the poll', async (t) => {
  const { client, tell } = await connected(t);
  const publish = (sequence: number) => () => client.publish(sequence, 'y'.repeat(500));
  tell();
  const alone = await pollAfterWindow(client);
  tell();
  assert.deepEqual(await pollAfterWindow(client, { before: publish(1) }), alone);
  tell();
  assert.deepEqual(await pollAfterWindow(client, { after: publish(2) }), alone);
});
