import { connectLocal } from '../../machine/process/local-socket.ts';
import { withLength } from '../../protocol/backplane-messages.ts';
import { codecs } from '../../protocol/codec.ts';

/** The source's end of the backplane: hands every update to whoever gives the versions. */
export type Backplane = {
  readonly emit: (channel: number, intendedUs: number, payload: Buffer) => void;
  readonly close: () => void;
};

/** Connects to a local socket: that of the only node, or of the process that orders for several. Rejects if it can't. */
export async function connectLocalBackplane(path: string): Promise<Backplane> {
  const socket = await connectLocal(path);
  return {
    // Version 0: it has none yet.
    emit: (channel, intendedUs, payload) =>
      void socket.write(withLength(codecs.binary.encode({ version: 0, channel, intendedUs, payload }))),
    close: () => void socket.destroy(),
  };
}
