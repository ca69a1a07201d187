import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { Agent, EventSource, MessageEvent } from 'undici';
import { eventStream, feedInPieces, piecesOf, type ReadEvent } from '../../testing/by-hand/sse-streams.ts';

/**
 * Our parser and undici's EventSource read the same generated streams, each with its own cuts: undici's arrive over a
 * real connection, written piece by piece.
 */
const streams = 150;

const waiting = new Map<string, readonly Buffer[]>();
const server = createServer((request, response) => {
  const pieces = waiting.get(request.url!);
  waiting.delete(request.url!);
  // 204 tells an EventSource not to reconnect (HTML standard, 9.2.3).
  if (pieces) void write(response, pieces);
  else response.writeHead(204).end();
});
const dispatcher = new Agent();

async function write(response: ServerResponse, pieces: readonly Buffer[]): Promise<void> {
  response.socket?.setNoDelay(true);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const piece of pieces) {
    response.write(piece);
    await turn();
  }
  response.end();
}

let served = 0;

/** The events that undici reads from one stream. It fires `error` at the end of the body, before reconnecting. */
async function readByUndici(pieces: readonly Buffer[]): Promise<readonly ReadEvent[]> {
  const path = `/${served++}`;
  waiting.set(path, pieces);
  const events: ReadEvent[] = [];
  const source = new EventSource(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { dispatcher });
  // Events may have any name, so listeners by name would miss some.
  source.dispatchEvent = (event) => {
    if (event instanceof MessageEvent) events.push({ type: event.type, data: event.data, id: event.lastEventId });
    return EventTarget.prototype.dispatchEvent.call(source, event);
  };
  await new Promise((resolve) => source.addEventListener('error', resolve, { once: true }));
  // Events completed by the last chunk may be dispatched in the next turn.
  await turn();
  await turn();
  source.close();
  return events;
}

/**
 * The only difference between undici 7.30 and the standard: undici ignores an `event` field without a value, while the
 * standard sets the type to empty and so cancels an earlier name in the same event. Streams in which this matters are
 * skipped here; sse-parser.test.ts tests the standard's rule.
 */
function takesBackType(bytes: Buffer): boolean {
  // Latin-1, because `$` and `.` would treat U+2028 as a line end.
  const text = bytes
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .replace(/\r\n?/g, '\n');
  const dispatched = text
    .split('\n\n')
    .slice(0, -1)
    .filter((block) => /^data(:|$)/m.test(block));
  return dispatched.some((block) => {
    const types = [...block.matchAll(/^event(?:: ?(.*))?$/gm)].map(([, type = '']) => type);
    return types.at(-1) === '' && types.some((type) => type !== '');
  });
}

const cutTwice = eventStream
  .filter((bytes) => !takesBackType(bytes))
  .chain((bytes) => fc.tuple(fc.constant(bytes), piecesOf(bytes), piecesOf(bytes)));

describe('beside undici’s EventSource', () => {
  const warnings = process.listeners('warning');

  before(async () => {
    process.removeAllListeners('warning');
    process.on('warning', (warning) => {
      if ((warning as NodeJS.ErrnoException).code !== 'UNDICI-ES') for (const listener of warnings) listener(warning);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  after(async () => {
    process.removeAllListeners('warning');
    for (const listener of warnings) process.on('warning', listener);
    await dispatcher.close();
    server.close();
  });

  test('our parser agrees with it on generated streams', { timeout: 60_000 }, async () => {
    let events = 0;
    await fc.assert(
      fc.asyncProperty(cutTwice, async ([bytes, ours, theirs]) => {
        const expected = await readByUndici(theirs);
        assert.deepEqual(feedInPieces([bytes]), expected, 'in one piece');
        assert.deepEqual(feedInPieces(theirs), expected, 'cut as undici got it');
        assert.deepEqual(feedInPieces(ours), expected, 'cut elsewhere');
        events += expected.length;
      }),
      { numRuns: streams },
    );
    assert.ok(events > streams, `only ${events} events in ${streams} streams: they test too little`);
  });
});
