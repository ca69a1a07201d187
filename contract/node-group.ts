import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLength } from '../protocol/backplane-messages.ts';
import { codecs } from '../protocol/codec.ts';
import { type Ordering, openOrdering } from '../servers/backplane/ordering.ts';
import type { StateNode } from '../servers/main/node.ts';
import type { Accepted } from '../servers/stream/state-stream.ts';
import { type NodeSettings, startTestNode } from './harness.ts';

/** Real nodes that expose one stream, with their backplane, on local sockets in this process. */
export type NodeGroup = {
  readonly nodes: readonly StateNode[];
  readonly ordering: Ordering;
  /** Accepted updates in order. */
  readonly accepted: readonly Accepted[];
  /** Emits as the source does: JSON text in both encodings. */
  readonly emit: (payload: unknown, channel?: number) => void;
  readonly close: () => Promise<void>;
};

const channels = 2;

/** Starts two nodes. `lateMs`: how much later the second one receives everything. */
export async function startNodeGroup(settings: NodeSettings = {}, lateMs = 0): Promise<NodeGroup> {
  const directory = mkdtempSync(join(tmpdir(), 'pvw-nodes-'));
  const [nodesPath, latePath, sourcePath] = ['nodes', 'late', 'source'].map((name) => join(directory, `${name}.sock`));
  const accepted: Accepted[] = [];
  const ordering = await openOrdering({
    channels,
    nodesPath: nodesPath!,
    sourcePath: sourcePath!,
    onAccepted: (each) => accepted.push(each),
  });
  const delaying = await startDelay(latePath!, nodesPath!, lateMs);
  const nodes = [
    await startTestNode({ ...settings, channels, joins: nodesPath! }),
    await startTestNode({ ...settings, channels, joins: latePath! }),
  ];
  const source = await connected(sourcePath!);
  const { clock } = nodes[0]!.context;
  return {
    nodes,
    ordering,
    accepted,
    emit: (payload, channel = 0) => {
      const update = { version: 0, channel, intendedUs: clock.nowUs(), payload: Buffer.from(JSON.stringify(payload)) };
      source.write(withLength(codecs.binary.encode(update)));
    },
    close: async () => {
      for (const node of nodes) await node.close();
      source.destroy();
      await delaying();
      await ordering.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** Forwards the backplane's messages `lateMs` late. */
async function startDelay(listenPath: string, targetPath: string, lateMs: number): Promise<() => Promise<void>> {
  const open = new Set<Socket>();
  const server = createServer((node) => {
    const backplane = connect(targetPath);
    for (const socket of [node, backplane]) {
      open.add(socket);
      socket.on('error', () => socket.destroy());
    }
    node.pipe(backplane);
    backplane.on('data', (chunk: Buffer) => setTimeout(() => node.write(chunk), lateMs));
    node.once('close', () => backplane.destroy());
  });
  await new Promise<void>((resolve) => server.listen(listenPath, resolve));
  return async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
}

function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => resolve(socket));
    socket.once('error', reject);
  });
}
