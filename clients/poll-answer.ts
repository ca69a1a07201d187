import { readFrames } from '../protocol/framing.ts';
import { reasonOf } from '../text/reason.ts';
import type { OnAnswer } from './http/whole-answer.ts';
import { type ClientContext, countError, type Subscriber } from './subscriber/transport-client.ts';

/**
 * Makes the function that passes the answer of a poll to its client. It returns false, and counts an error, when the
 * contract does not provide for the answer.
 */
export function receivePollAnswers(
  { tally }: ClientContext,
  subscriber: Subscriber,
): (...answer: Parameters<OnAnswer>) => boolean {
  const refuse = (why: string) => {
    countError(tally, why);
    return false;
  };
  const update = (bytes: Uint8Array, start: number, end: number) => subscriber.update(bytes, start, end);
  return (status, bytes, start, end, wire) => {
    switch (status) {
      case 200: {
        const before = subscriber.receivedBytes();
        try {
          readFrames(bytes, start, end, update);
        } catch (error) {
          return refuse(`GET answered 200 with an unreadable body: ${reasonOf(error)}`);
        }
        if (wire) subscriber.compressed([wire], subscriber.receivedBytes() - before);
        return true;
      }
      case 204:
        if (subscriber.after() === undefined) subscriber.joinedEmpty();
        return true;
      case 410:
        subscriber.gone();
        return true;
      default:
        return refuse(`GET answered ${status} ${textFor(bytes, start, end)}`);
    }
  };
}

/** The beginning of an unexpected body, for an error. */
export function textFor(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(200, end - start))
    .toString('utf8')
    .trim();
}
