import { gunzipSync } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { isGzip } from './compressed-stream.ts';

const nothing = Buffer.alloc(0);

/**
 * Collects a bounded answer whole; most come in one chunk, which is then passed on without copying. `wire` is the body as
 * it came, where it was compressed.
 */
export function collectAnswer(
  onAnswer: (status: number, body: Buffer, wire?: Buffer) => void,
  onError: (error: Error) => void,
): Dispatcher.DispatchHandler {
  let status = 0;
  let body: Buffer = nothing;
  let compressed = false;
  return {
    onRequestStart: () => {
      status = 0;
      body = nothing;
    },
    onResponseStart: (_controller, statusCode, headers) => {
      status = statusCode;
      compressed = isGzip(headers);
    },
    onResponseData: (_controller, chunk) => {
      body = body.length === 0 ? chunk : Buffer.concat([body, chunk]);
    },
    onResponseEnd: () => {
      if (compressed && body.length > 0) onAnswer(status, gunzipSync(body), body);
      else onAnswer(status, body);
    },
    onResponseError: (_controller, error) => onError(error),
  };
}
