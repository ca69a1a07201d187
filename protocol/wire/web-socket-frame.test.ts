import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import fc from 'fast-check';
import { clientFrameBytes, opcodes, writeClientFrame } from './web-socket-frame.ts';

type Receiver = {
  on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): void;
  on(event: 'ping' | 'pong', listener: (data: Buffer) => void): void;
  _write(chunk: Buffer, encoding: string, done: (error?: Error) => void): void;
};
/** The types of ws do not include it. */
const { Receiver } = createRequire(import.meta.url)('ws') as {
  readonly Receiver: new (options: { readonly isServer: boolean }) => Receiver;
};

const noMask = new Uint8Array(4);

function written(opcode: number, payload: Uint8Array, mask: Uint8Array): Buffer {
  const target = Buffer.alloc(clientFrameBytes(payload.length), 0xee);
  writeClientFrame(target, opcode, payload, mask);
  return target;
}

test('a masked text is the example of RFC 6455, 5.7', () => {
  const frame = written(opcodes.text, Buffer.from('Hello'), Uint8Array.of(0x37, 0xfa, 0x21, 0x3d));
  assert.equal(frame.toString('hex'), '818537fa213d7f9f4d5158');
});

for (const [bytes, head] of [
  [0, '8280'],
  [1, '8281'],
  [125, '82fd'],
  [126, '82fe007e'],
  [127, '82fe007f'],
  [65_535, '82feffff'],
  [65_536, '82ff0000000000010000'],
  [70_000, '82ff0000000000011170'],
] as const) {
  test(`the length ${bytes} has its shortest form`, () => {
    const payload = Buffer.alloc(bytes, 0x61);
    const frame = written(opcodes.binary, payload, noMask);
    assert.equal(frame.toString('hex', 0, head.length / 2), head);
    assert.deepEqual(frame.subarray(head.length / 2), Buffer.concat([noMask, payload]));
  });
}

test('the room for a payload of more than 4 GiB is counted in whole numbers', () => {
  assert.equal(clientFrameBytes(2 ** 40), 2 ** 40 + 14);
});

test('writes nothing behind the frame, and leaves the payload as it is', () => {
  const target = Buffer.alloc(20, 0xee);
  const payload = Buffer.from('Hello');
  writeClientFrame(target, opcodes.ping, payload, Uint8Array.of(1, 2, 3, 4));
  assert.deepEqual(target.subarray(clientFrameBytes(5)), Buffer.alloc(20 - clientFrameBytes(5), 0xee));
  assert.equal(payload.toString(), 'Hello');
});

test('ws reads what was written', () => {
  const sizes = fc.oneof({ weight: 8, arbitrary: fc.nat(300) }, fc.integer({ min: 65_500, max: 65_600 }));
  const mask = fc.uint8Array({ minLength: 4, maxLength: 4 });
  const kind = fc.constantFrom('binary', 'ping', 'pong');
  fc.assert(
    fc.property(kind, sizes, fc.nat(255), mask, (name, size, first, key) => {
      const payload = Buffer.alloc(name === 'binary' ? size : size % 126);
      for (let i = 0; i < payload.length; i++) payload[i] = first + 7 * i;
      const heard: unknown[] = [];
      const receiver = new Receiver({ isServer: true });
      receiver.on('message', (data, isBinary) => heard.push(isBinary ? 'binary' : 'text', data));
      for (const event of ['ping', 'pong'] as const) receiver.on(event, (data) => heard.push(event, data));
      receiver._write(written(opcodes[name], payload, key), 'buffer', (error) => assert.equal(error, undefined));
      assert.deepEqual(heard, [name, payload]);
    }),
  );
});
