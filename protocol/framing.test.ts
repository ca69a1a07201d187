import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { frame, MalformedFrame, readFrames } from './framing.ts';

const updates = fc.array(
  fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
  { maxLength: 12 },
);

function unframed(bytes: Buffer): Buffer[] {
  const list: Buffer[] = [];
  readFrames(bytes, (update) => list.push(update));
  return list;
}

test('reads back what was framed, whatever the bytes', () => {
  fc.assert(fc.property(updates, (list) => assert.deepEqual(unframed(Buffer.concat(list.map(frame))), list)));
});

test('a frame is a netstring, and reading it copies nothing', () => {
  const framed = frame(Buffer.from('[1,2,3,"é"]'));
  assert.equal(framed.toString(), '12:[1,2,3,"é"],');
  assert.equal(unframed(framed)[0]!.buffer, framed.buffer);
  assert.equal(frame(Buffer.alloc(0)).toString(), '0:,');
});

test('bytes that end within a frame are malformed, after the complete frames were delivered', () => {
  fc.assert(
    fc.property(updates, fc.nat(), (list, at) => {
      const frames = list.map(frame);
      const all = Buffer.concat(frames);
      const cut = all.length === 0 ? 0 : at % all.length;
      const seen: Buffer[] = [];
      const read = () => readFrames(all.subarray(0, cut), (update) => seen.push(update));
      const ends = frames.map((_, i) => Buffer.concat(frames.slice(0, i + 1)).length);
      if (cut === 0 || ends.includes(cut)) read();
      else assert.throws(read, MalformedFrame);
      assert.deepEqual(seen, list.slice(0, ends.filter((end) => end <= cut).length));
    }),
  );
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
]) {
  test(`${JSON.stringify(text)} is malformed`, () => {
    assert.throws(() => unframed(Buffer.from(text)), MalformedFrame);
  });
}
