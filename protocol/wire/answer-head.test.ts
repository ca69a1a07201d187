import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createHeadReader, type HeadReader } from './answer-head.ts';

const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** One head in a chunk, read at once or cut after so many of its bytes. */
type Sent = { readonly startsAt: number; readonly text: string; readonly cutAt: number; readonly mostBytes: number };

/** Lies in the chunk before a head, and would be a header of it. */
const before = 'x\na: other\n';

/** What a reader says of a head, or why it refuses it. */
function said(reader: HeadReader, { startsAt, text, cutAt, mostBytes }: Sent): unknown {
  const bytes = latin1(`${before.slice(before.length - startsAt)}${text}body`);
  const first = Math.min(startsAt + cutAt, bytes.length);
  reader.begin(mostBytes, 0);
  try {
    let after = reader.read(bytes, startsAt, first);
    if (after < 0) after = reader.read(bytes, first, bytes.length);
    const header = after < 0 ? undefined : ['a', 'connection'].map(reader.header);
    return { after, length: reader.length(), header, fields: after < 0 ? undefined : { ...reader.fields } };
  } catch (error) {
    return String(error);
  } finally {
    reader.forget();
  }
}

function newReader(): HeadReader {
  return createHeadReader((why) => {
    throw new Error(why);
  });
}

const lines = [
  'Content-Length: 5',
  'Content-Length: 6',
  'Connection: close',
  'a: b',
  'Transfer-Encoding: chunked',
  'bad',
];
const head = fc
  .tuple(
    fc.constantFrom('HTTP/1.1 200 OK', 'HTTP/1.1 204', 'HTTP/1.0 200 OK'),
    fc.subarray(lines, { maxLength: 2 }),
    fc.constantFrom('', 'x: 1\r\n'.repeat(200)),
  )
  .map(([status, some, filling]) => `${[status, ...some].join('\r\n')}\r\n${filling}\r\n`);
const sent: fc.Arbitrary<Sent> = fc.record({
  startsAt: fc.constantFrom(0, before.length),
  text: head,
  cutAt: fc.oneof(fc.constant(10_000), fc.nat({ max: 60 })),
  mostBytes: fc.oneof(fc.constant(65_536), fc.nat({ max: 60 })),
});

const elsewhere = (one: Sent): Sent => ({ ...one, startsAt: before.length - one.startsAt });

test('what was read before changes nothing: heads that repeat, differ, are cut, too long or wrong', () => {
  fc.assert(
    fc.property(fc.array(sent, { maxLength: 8 }), fc.boolean(), (heads, repeats) => {
      const reader = newReader();
      for (const one of repeats ? heads.flatMap((each) => [each, elsewhere(each)]) : heads) {
        assert.deepEqual(said(reader, one), said(newReader(), one));
      }
    }),
    { numRuns: 500 },
  );
});
