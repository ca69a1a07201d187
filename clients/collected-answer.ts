import type { Dispatcher } from 'undici';

const nothing = Buffer.alloc(0);

/** Collects a bounded answer whole; most come in one chunk, which is then passed on without copying. */
export function collectAnswer(
  onAnswer: (status: number, body: Buffer) => void,
  onError: (error: Error) => void,
): Dispatcher.DispatchHandler {
  let status = 0;
  let body: Buffer = nothing;
  return {
    onRequestStart: () => {
      status = 0;
      body = nothing;
    },
    onResponseStart: (_controller, statusCode) => {
      status = statusCode;
    },
    onResponseData: (_controller, chunk) => {
      body = body.length === 0 ? chunk : Buffer.concat([body, chunk]);
    },
    onResponseEnd: () => onAnswer(status, body),
    onResponseError: (_controller, error) => onError(error),
  };
}
