import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { frame, MalformedFrame, readFrames } from './framing.ts';

const updates = fc.array(
  fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
  { maxLength: 12 },
);
/** Looks like the rest of a frame, and like frames. */
const outside = Buffer.from(',3:xyz,,');

/** The updates framed in `bytes`, which are read as part of a larger chunk. `seen` has them even if it throws. */
function unframed(bytes: Uint8Array, seen: Buffer[] = []): Buffer[] {
  const chunk = Buffer.concat([outside, bytes, outside]);
  readFrames(chunk, outside.length, outside.length + bytes.length, (passed, start, end) => {
    assert.equal(passed, chunk);
    seen.push(chunk.subarray(start, end));
  });
  return seen;
}

test('reads back what was framed, whatever the bytes', () => {
  fc.assert(fc.property(updates, (list) => assert.deepEqual(unframed(Buffer.concat(list.map(frame))), list)));
});

test('a frame is a netstring', () => {
  assert.equal(Buffer.from(frame(Buffer.from('[1,2,3,"é"]'))).toString(), '12:[1,2,3,"é"],');
  assert.equal(Buffer.from(frame(new Uint8Array())).toString(), '0:,');
  assert.equal(Buffer.from(frame(Buffer.alloc(100_000, 'x'))).toString(), `100000:${'x'.repeat(100_000)},`);
});

test('bytes that end within a frame are malformed, after the complete frames were delivered', () => {
  fc.assert(
    fc.property(updates, fc.nat(), (list, at) => {
      const frames = list.map(frame);
      const all = Buffer.concat(frames);
      const cut = all.length === 0 ? 0 : at % all.length;
      const seen: Buffer[] = [];
      const read = () => unframed(all.subarray(0, cut), seen);
      const ends = frames.map((_, i) => Buffer.concat(frames.slice(0, i + 1)).length);
      if (cut === 0 || ends.includes(cut)) read();
      else assert.throws(read, MalformedFrame);
      assert.deepEqual(seen, list.slice(0, ends.filter((end) => end <= cut).length));
    }),
  );
});

test('a frame that only the bytes behind the end would complete is cut short there', () => {
  const text = '1:a,2:bc,';
  for (const end of [5, 6, 7, 8]) {
    const read = () => readFrames(Buffer.from(text), 0, end, () => {});
    assert.throws(read, /^MalformedFrame: frame: (cut short|bad length) at byte 4$/, `${end} bytes`);
  }
});

for (const text of [
  'x',
  ':',
  ':,',
  '3:abc',
  '3:abcd,',
  '3:ab,',
  '-1:,',
  ' 1:a,',
  '1 :a,',
  '1:a;',
  '1:a,,',
  '99999999999:',
  '00000000001:a,',
]) {
  test(`${JSON.stringify(text)} is malformed`, () => {
    assert.throws(() => unframed(Buffer.from(text)), MalformedFrame);
  });
}
