import { gunzipSync } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { defaultLimits } from '../../protocol/limits.ts';
import { type ClientContext, countError } from '../subscriber/transport-client.ts';
import { isGzip, whyUnreadable } from './compressed-stream.ts';
import { createGrowingBytes } from './growing-bytes.ts';

const nothing = Buffer.alloc(0);
/** Our own servers send at most 1 MiB, or one update. */
const mostBytes = 4 * defaultLimits.answerBytes;
const tooLarge = `answered with more than ${mostBytes} bytes`;

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
  /** All of the body, if it came in several chunks: thousands of small ones must not take quadratic time. */
  const rest = createGrowingBytes();
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
      rest.take();
    },
    onResponseStart: (_controller, statusCode, headers) => {
      status = statusCode;
      compressed = isGzip(headers);
      unreadable = whyUnreadable(headers, route);
    },
    onResponseData: (controller, chunk) => {
      if (body.length + rest.length() + chunk.length > mostBytes) {
        body = nothing;
        rest.take();
        countError(tally, tooLarge);
        controller.abort(new Error(tooLarge));
        return;
      }
      // A single chunk is passed on without copying.
      if (body.length === 0 && rest.length() === 0) {
        body = chunk;
        return;
      }
      if (rest.length() === 0) rest.append(body);
      rest.append(chunk);
      body = nothing;
    },
    onResponseEnd: () => {
      if (rest.length() > 0) body = rest.take();
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
    return gunzipSync(body, { maxOutputLength: mostBytes });
  } catch {
    return undefined;
  }
}
