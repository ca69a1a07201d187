import { readFrames } from '../protocol/framing.ts';
import { reasonOf } from '../text/reason.ts';
import { type ClientContext, countError, type Subscriber } from './subscriber/transport-client.ts';

/**
 * Passes the answer of a poll to its client. Returns false, and counts an error, when the contract does not provide for
 * it. `wire`: the body as received, if it was compressed.
 */
export function receivePollAnswer(
  { tally }: ClientContext,
  subscriber: Subscriber,
  status: number,
  body: Buffer,
  wire?: Buffer,
): boolean {
  if (status === 200) {
    const before = subscriber.receivedBytes();
    try {
      readFrames(body, subscriber.update);
    } catch (error) {
      countError(tally, `GET answered 200 with an unreadable body: ${reasonOf(error)}`);
      return false;
    }
    if (wire) subscriber.compressed([wire], subscriber.receivedBytes() - before);
  } else if (status === 204) {
    if (subscriber.after() === undefined) subscriber.joinedEmpty();
  } else if (status === 410) {
    subscriber.gone();
  } else {
    countError(tally, `GET answered ${status} ${body.toString('utf8', 0, 200).trim()}`);
    return false;
  }
  return true;
}
