import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { Agent, EventSource, MessageEvent } from 'undici';
import { eventStream, feedInPieces, piecesOf, type ReadEvent } from '../../testing/by-hand/sse-streams.ts';

/**
 * Our parser and undici's EventSource read the same generated streams, each cut in its own way: undici's come over a
 * real connection, written piece by piece.
 */
const streams = 400;

const waiting = new Map<string, readonly Buffer[]>();
const server = createServer((request, response) => {
  const pieces = waiting.get(request.url!);
  waiting.delete(request.url!);
  // 204 is how a server tells an EventSource not to come back (HTML standard, 9.2.3).
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

/** What undici reads from one stream; it fires `error` at the end of the body, when it wants to reconnect. */
async function readByUndici(pieces: readonly Buffer[]): Promise<readonly ReadEvent[]> {
  const path = `/${served++}`;
  waiting.set(path, pieces);
  const events: ReadEvent[] = [];
  const source = new EventSource(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { dispatcher });
  // Events may have any name, so listeners by name would not see them all.
  source.dispatchEvent = (event) => {
    if (event instanceof MessageEvent) events.push({ type: event.type, data: event.data, id: event.lastEventId });
    return EventTarget.prototype.dispatchEvent.call(source, event);
  };
  await new Promise((resolve) => source.addEventListener('error', resolve, { once: true }));
  // What the body's last chunk completes may come in the turn after.
  await turn();
  await turn();
  source.close();
  return events;
}

/**
 * The one thing in which undici 7.30 differs from the standard: it ignores an `event` field without value, where the
 * standard sets the type to that empty value and so takes back a name given before in the same event. Streams in which
 * that decides an event's type are left out here; sse-parser.test.ts holds what the standard says.
 */
function takesBackType(bytes: Buffer): boolean {
  // As Latin-1, because `$` and `.` would see the end of a line in U+2028 too.
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

  test('the parser agrees with it on generated streams', { timeout: 60_000 }, async () => {
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
