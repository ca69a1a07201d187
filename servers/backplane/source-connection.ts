import { connectLocal } from '../../machine/process/local-socket.ts';
import { withLength } from '../../protocol/backplane-messages.ts';
import { codecs } from '../../protocol/codec.ts';

/** The source's end of the backplane. */
export type SourceConnection = {
  readonly emit: (channel: number, intendedUs: number, payload: Buffer) => void;
  readonly close: () => void;
};

/** Connects to the local socket of the only node, or of the backplane process of several. Rejects when that fails. */
export async function connectSource(path: string): Promise<SourceConnection> {
  const socket = await connectLocal(path);
  return {
    // Version 0: not yet given.
    emit: (channel, intendedUs, payload) =>
      void socket.write(withLength(codecs.binary.encode({ version: 0, channel, intendedUs, payload }))),
    close: () => void socket.destroy(),
  };
}
