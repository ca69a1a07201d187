import type { Encoding } from '../protocol/codec.ts';
import { binaryKinds, minimumBytes } from '../scenarios/payloads.ts';
import type { PayloadKind } from '../scenarios/scenario.ts';
import { largestPayloadBytes } from './ranges.ts';

/** Fewest and most bytes of a payload: every field must fit in, and a server must take it in one publish. */
export function payloadRange(kind: PayloadKind, encoding: Encoding): readonly [number, number] {
  const asBase64 = encoding === 'json' && binaryKinds.has(kind);
  return [minimumBytes[kind], asBase64 ? Math.floor((largestPayloadBytes * 3) / 4) : largestPayloadBytes];
}
