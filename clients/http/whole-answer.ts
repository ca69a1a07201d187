import { gunzipSync } from 'node:zlib';
import { defaultLimits } from '../../protocol/limits.ts';
import { AnswerFault } from '../../protocol/wire/answer-parser.ts';
import { type ClientContext, countError } from '../subscriber/transport-client.ts';
import { isGzip, whyUnreadable } from './compressed-stream.ts';
import type { AnswerHandler } from './http-connection.ts';

/** Our own servers send at most 1 MiB, or one update. */
export const mostAnswerBytes = 4 * defaultLimits.answerBytes;
export const tooLarge = `answered with more than ${mostAnswerBytes} bytes`;

/**
 * One answer with its body, bytes `start` to `end` (exclusive), valid during the call. `wire`: the body as received, if
 * it was compressed.
 */
export type OnAnswer = (status: number, bytes: Uint8Array, start: number, end: number, wire?: Uint8Array) => void;

const nothing = new Uint8Array();

/** Handles whole answers of bounded size. `onError`: none came, or its body was unreadable, which counts as an error. */
export function wholeAnswers(
  { tally, route }: Pick<ClientContext, 'tally' | 'route'>,
  onAnswer: OnAnswer,
  onError: (error: Error) => void,
): AnswerHandler {
  let status = 0;
  let encoding: string | undefined;
  let bytes: Uint8Array = nothing;
  let start = 0;
  let end = 0;
  const refuse = (why: string) => {
    countError(tally, why);
    onError(new AnswerFault(why));
  };
  const answerUnpacked = () => {
    const wire = bytes.subarray(start, end);
    const unpacked = gunzipped(wire);
    if (unpacked) onAnswer(status, unpacked, 0, unpacked.length, wire);
    else refuse('answered with content-encoding gzip and a body that is none');
  };
  return {
    onHead: (answered, contentEncoding) => {
      status = answered;
      encoding = contentEncoding;
      bytes = nothing;
      start = end = 0;
    },
    onBody: (body, from, to) => {
      bytes = body;
      start = from;
      end = to;
    },
    onEnd: () => {
      if (encoding === undefined || start === end) {
        onAnswer(status, bytes, start, end);
        return;
      }
      const unreadable = whyUnreadable(encoding, route);
      if (isGzip(encoding)) answerUnpacked();
      else if (unreadable === undefined) onAnswer(status, bytes, start, end);
      // The status is enough; only the body was unreadable.
      else if (status !== 200) onAnswer(status, nothing, 0, 0);
      else refuse(unreadable);
    },
    onError,
  };
}

function gunzipped(body: Uint8Array): Uint8Array | undefined {
  try {
    return gunzipSync(body, { maxOutputLength: mostAnswerBytes });
  } catch {
    return undefined;
  }
}
