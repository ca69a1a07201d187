import { connectLocal } from '../../machine/process/local-socket.ts';
import {
  decodeMessage,
  encodeMessage,
  type FromBackplane,
  recordReader,
  type Verdict,
} from '../../protocol/backplane-messages.ts';
import { everyChannel } from '../../protocol/contract-terms.ts';
import type { StateStream } from '../stream/state-stream.ts';
import type { Backplane } from './backplane.ts';

/**
 * Makes a node one of several that expose one stream. Its publishes get their versions from the backplane, which also
 * sends it every accepted update of all nodes, in one order. Resolves when the node has joined.
 */
export async function joinBackplane(stream: StateStream, socketPath: string): Promise<Backplane> {
  const waiting = new Map<number, (verdict: Verdict) => void>();
  let nextId = 0;
  let joined: () => void = () => {};
  let closing = false;
  const receive = (message: FromBackplane) => {
    if (message.kind === 'joined') {
      joined();
    } else if (message.kind === 'accepted') {
      accept(stream, message);
    } else {
      const decided = waiting.get(message.id);
      waiting.delete(message.id);
      decided?.(message.verdict);
    }
  };
  const socket = await connectLocal(socketPath);
  socket.on(
    'data',
    recordReader((record) => receive(decodeMessage<FromBackplane>(record))),
  );
  socket.once('close', () => {
    // Without the backplane this node's stream would diverge from the others.
    if (!closing) throw new Error('the backplane has gone');
  });
  await new Promise<void>((resolve) => {
    joined = resolve;
    socket.write(encodeMessage({ kind: 'join' }));
  });
  return {
    publish: (publish, decided) => {
      const id = nextId++;
      waiting.set(id, decided);
      socket.write(encodeMessage({ kind: 'publish', id, ...publish }));
    },
    close: async () => {
      closing = true;
      socket.destroy();
    },
  };
}

/** The stream counts versions too; agreement with the backplane shows that no update was lost on the way. */
function accept(stream: StateStream, { version, ...arrival }: Extract<FromBackplane, { kind: 'accepted' }>): void {
  if (arrival.channel === everyChannel) {
    stream.acceptBroadcast(arrival);
    return;
  }
  const given = stream.accept(arrival).version;
  if (given !== version) {
    throw new Error(
      `channel ${arrival.channel}: the backplane says version ${version}, this node has come to ${given}`,
    );
  }
}
