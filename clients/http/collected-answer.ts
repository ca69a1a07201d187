import { gunzipSync } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { type ClientContext, countError } from '../subscriber/transport-client.ts';
import { isGzip, whyUnreadable } from './compressed-stream.ts';

const nothing = Buffer.alloc(0);

/**
 * Collects a bounded answer whole. Most come in one chunk, which is passed on without copying. `wire` is the body as
 * received, if it was compressed. `onError`: no answer came, or its body was unreadable, which also counts as an error.
 */
export function collectAnswer(
  { tally, route }: Pick<ClientContext, 'tally' | 'route'>,
  onAnswer: (status: number, body: Buffer, wire?: Buffer) => void,
  onError: (error: Error) => void,
): Dispatcher.DispatchHandler {
  let status = 0;
  let body: Buffer = nothing;
  let compressed = false;
  let unreadable: string | undefined;
  const refuse = (why: string) => {
    countError(tally, why);
    onError(new Error(why));
  };
  const unpack = () => {
    const unpacked = gunzipped(body);
    if (unpacked) onAnswer(status, unpacked, body);
    else refuse('answered with content-encoding gzip and a body that is none');
  };
  return {
    onRequestStart: () => {
      status = 0;
      body = nothing;
    },
    onResponseStart: (_controller, statusCode, headers) => {
      status = statusCode;
      compressed = isGzip(headers);
      unreadable = whyUnreadable(headers, route);
    },
    onResponseData: (_controller, chunk) => {
      body = body.length === 0 ? chunk : Buffer.concat([body, chunk]);
    },
    onResponseEnd: () => {
      if (body.length === 0 || (!compressed && unreadable === undefined)) onAnswer(status, body);
      else if (compressed) unpack();
      // The status is enough; only the body was unreadable.
      else if (status !== 200) onAnswer(status, nothing);
      else refuse(unreadable!);
    },
    onResponseError: (_controller, error) => onError(error),
  };
}

function gunzipped(body: Buffer): Buffer | undefined {
  try {
    return gunzipSync(body);
  } catch {
    return undefined;
  }
}
