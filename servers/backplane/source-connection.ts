import { connectLocal } from '../../machine/process/local-socket.ts';
import { withLength } from '../../protocol/backplane-messages.ts';
import { codecs } from '../../protocol/codec.ts';

/** The source's end of the backplane. */
export type SourceConnection = {
  /** Hands over an update as `encodeEmission` makes it. */
  readonly emit: (bytes: Uint8Array) => void;
  readonly close: () => void;
};

/** Connects to the local socket of the only node, or of the backplane process of several. Rejects when that fails. */
export async function connectSource(path: string): Promise<SourceConnection> {
  const socket = await connectLocal(path);
  return {
    emit: (bytes) => void socket.write(bytes),
    close: () => void socket.destroy(),
  };
}

/** An update of the source as the backplane takes it. It gets its version there. */
export function encodeEmission(channel: number, intendedUs: number, payload: Uint8Array): Uint8Array {
  return withLength(codecs.binary.encode({ version: 0, channel, intendedUs, payload }));
}
