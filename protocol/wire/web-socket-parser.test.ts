import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWebSocketParser, WebSocketFault, type WebSocketSink } from './web-socket-parser.ts';

const mostBytes = 1_000_000;
const closeNormally = '880203e8';
const [fin, text, binary, continuation] = [0x80, 0x01, 0x02, 0x00];

/** What a parser delivered, and how it ended. */
type Heard = { readonly said: readonly string[]; readonly end: string };

type Told = {
  readonly feed: (bytes: Uint8Array) => void;
  readonly stop: () => void;
  readonly heard: () => Heard;
};

function told(options: { readonly mostBytes?: number; readonly isUtf8?: (bytes: Uint8Array) => boolean } = {}): Told {
  const said: string[] = [];
  let end = 'open';
  const note = (kind: string) => (bytes: Uint8Array, start: number, to: number) =>
    void said.push(`${kind} ${Buffer.from(bytes.subarray(start, to)).toString()}`);
  const [onText, onBinary] = [note('text'), note('binary')];
  const parser = createWebSocketParser(
    {
      onMessage: (isBinary, ...view) => (isBinary ? onBinary : onText)(...view),
      onPing: note('ping'),
      onPong: note('pong'),
      onClose: (code, reason) => {
        end = `closed ${code} ${reason}`;
      },
    },
    { mostBytes, ...options },
  );
  const feed = (bytes: Uint8Array) => {
    try {
      parser.feed(bytes, 0, bytes.length);
    } catch (error) {
      assert.ok(error instanceof WebSocketFault, String(error));
      end = `refused ${error.code}: ${error.message}`;
    }
  };
  return { feed, stop: () => parser.stop(), heard: () => ({ said, end }) };
}

function hex(digits: string): Buffer {
  return Buffer.from(digits.replaceAll(' ', ''), 'hex');
}

/** A frame with a length of 7, 16 or 64 bits: the shortest that holds it. */
function frame(firstByte: number, payload: Uint8Array | string): Buffer {
  const bytes = Buffer.from(payload);
  const head = Buffer.alloc(bytes.length < 126 ? 2 : bytes.length < 65_536 ? 4 : 10);
  head[0] = firstByte;
  head[1] = head.length === 2 ? bytes.length : head.length === 4 ? 126 : 127;
  if (head.length > 2) head.writeUIntBE(bytes.length, head.length === 4 ? 2 : 4, head.length === 4 ? 2 : 6);
  return Buffer.concat([head, bytes]);
}

/** The same must come of one chunk and of single bytes. */
function hear(bytes: Uint8Array, options: Parameters<typeof told>[0] = {}): Heard {
  const [whole, single] = [told(options), told(options)];
  whole.feed(bytes);
  for (let i = 0; i < bytes.length; i++) single.feed(bytes.subarray(i, i + 1));
  assert.deepEqual(single.heard(), whole.heard());
  return whole.heard();
}

const many = (count: number) => 'ab'.repeat(count / 2);

/** RFC 6455, 5.7. The examples of clients are masked: a server may not send them. */
for (const [title, bytes, said, end = 'open'] of [
  ['a single-frame unmasked text message', '81 05 48 65 6c 6c 6f', ['text Hello']],
  [
    'a single-frame masked text message',
    '81 85 37 fa 21 3d 7f 9f 4d 51 58',
    [],
    'refused 1002: a frame of the server is masked',
  ],
  ['a fragmented unmasked text message', '01 03 48 65 6c 80 02 6c 6f', ['text Hello']],
  ['an unmasked ping request', '89 05 48 65 6c 6c 6f', ['ping Hello']],
  ['its masked pong response', '8a 85 37 fa 21 3d 7f 9f 4d 51 58', [], 'refused 1002: a frame of the server is masked'],
  ['256 bytes of binary data in a single frame', `82 7e 01 00 ${'6162'.repeat(128)}`, [`binary ${many(256)}`]],
  [
    '64 KiB of binary data in a single frame',
    `82 7f 00 00 00 00 00 01 00 00 ${'6162'.repeat(32_768)}`,
    [`binary ${many(65_536)}`],
  ],
] as const) {
  test(`RFC 6455, 5.7: ${title}`, () => assert.deepEqual(hear(hex(bytes)), { said, end }));
}

for (const [bytes, end] of [
  ['c1 00', 'refused 1002: a reserved bit of a frame is set'],
  ['a1 00', 'refused 1002: a reserved bit of a frame is set'],
  ['91 00', 'refused 1002: a reserved bit of a frame is set'],
  ['83 00', 'refused 1002: opcode 3 is reserved'],
  ['8b 00', 'refused 1002: opcode 11 is reserved'],
  ['80 00', 'refused 1002: a continuation frame has no message to continue'],
  ['01 00 81 00', 'refused 1002: a message begins before all fragments of another have come'],
  ['02 00 02 00', 'refused 1002: a message begins before all fragments of another have come'],
  ['09 00', 'refused 1002: a control frame is fragmented'],
  ['89 7e 00 01', 'refused 1002: a control frame has more than 125 bytes'],
  ['8a 7f', 'refused 1002: a control frame has more than 125 bytes'],
  ['88 7e', 'refused 1002: a control frame has more than 125 bytes'],
  ['88 01 03', 'refused 1002: a close frame has 1 byte; a code has 2'],
  ['88 02 03 ed', 'refused 1002: close code 1005 may not be sent'],
  ['88 03 03 e8 ff', 'refused 1007: the reason of a close frame is not valid UTF-8'],
  ['81 01 ff', 'refused 1007: a text message is not valid UTF-8'],
  ['01 01 e2 00 01 82 80 00', 'refused 1007: a text message is not valid UTF-8'],
  ['82 7f 00 00 00 00 00 0f 42 41', 'refused 1009: a message has 1000001 bytes; at most 1000000 are accepted'],
] as const) {
  test(`${bytes} is ${end}`, () => {
    assert.deepEqual(hear(hex(`81 01 61 ${bytes} 81 01 62`)), { said: ['text a'], end });
  });
}

test('the head of a frame is judged when its first two bytes are there', () => {
  for (const first of ['c1', '83', '80']) assert.equal(hear(hex(first)).end, 'open');
});

test('a length of 2^63 or more is refused, and so is one that no number holds exactly', () => {
  for (const length of ['8000000000000000', 'ffffffffffffffff', '0020000000000001', '7fffffffffffffff']) {
    assert.match(hear(hex(`81 7f ${length}`)).end, /^refused 1009: /, length);
  }
});

test('a length that is not in its shortest form is accepted, as ws does', () => {
  assert.deepEqual(hear(hex('81 7e 00 01 61  82 7f 00 00 00 00 00 00 00 02 62 63  81 7e 00 00')).said, [
    'text a',
    'binary bc',
    'text ',
  ]);
});

test('a code point may be cut by the end of a fragment', () => {
  assert.deepEqual(hear(hex('01 01 e2  00 01 82  80 01 ac')).said, ['text €']);
});

test('control frames come between fragments, and do not mix with them', () => {
  const bytes = hex('01 02 61 62  89 02 63 64  00 00  8a 00  8a 01 65  80 01 66  89 00');
  assert.deepEqual(hear(bytes).said, ['ping cd', 'pong ', 'pong e', 'text abf', 'ping ']);
});

for (const [bytes, end] of [
  ['88 00', 'closed 1005 '],
  ['88 02 03 e8', 'closed 1000 '],
  ['88 05 0f a0 e2 82 ac', 'closed 4000 €'],
  // TextDecoder drops it unless told not to.
  ['88 06 03 e8 ef bb bf 61', 'closed 1000 \ufeffa'],
] as const) {
  test(`${bytes} is ${end}, within a message too; what follows is not read`, () => {
    assert.deepEqual(hear(hex(`${bytes} 81 01 61 ff ff`)), { said: [], end });
    assert.deepEqual(hear(hex(`01 01 61 ${bytes} 80 01 61`)), { said: [], end });
  });
}

test('close codes are accepted that may be sent', () => {
  const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const tried = [...span(0, 1_200), 1_999, 2_000, ...span(2_990, 3_010), ...span(4_990, 5_010), 9_999, 65_535];
  const accepted = tried.filter((code) => {
    const { feed, heard } = told();
    feed(Uint8Array.of(0x88, 2, code >> 8, code & 0xff));
    const { end } = heard();
    assert.ok([`closed ${code} `, `refused 1002: close code ${code} may not be sent`].includes(end), end);
    return end.startsWith('closed');
  });
  assert.deepEqual(accepted, [...span(1000, 1003), ...span(1007, 1014), ...span(3000, 3010), ...span(4990, 4999)]);
});

test('mostBytes counts all fragments, and is known from a head before its bytes come', () => {
  const limit = { mostBytes: 10 };
  assert.deepEqual(hear(frame(fin | binary, '0123456789'), limit).said, ['binary 0123456789']);
  const fragments = Buffer.concat([frame(text, '01234'), frame(continuation, '56789'), frame(fin, '')]);
  assert.deepEqual(hear(Buffer.concat([fragments, fragments]), limit).said, ['text 0123456789', 'text 0123456789']);
  const end = 'refused 1009: a message has 11 bytes; at most 10 are accepted';
  assert.deepEqual(hear(hex('82 0b'), limit).end, end);
  assert.deepEqual(hear(Buffer.concat([frame(text, '0123456789'), hex('00 01')]), limit).end, end);
  assert.deepEqual(hear(frame(0x89, 'more than ten bytes'), limit).said, ['ping more than ten bytes']);
});

test('a message has at most 16,384 fragments, control frames between them not counted', () => {
  const fragments = (count: number) =>
    Buffer.concat([
      frame(text, 'a'),
      ...Array.from({ length: count - 2 }, () => hex('00 00')),
      ...Array.from({ length: 100 }, () => hex('8a 00')),
      frame(fin, 'b'),
    ]);
  const most = hear(Buffer.concat([fragments(16_384), fragments(16_384)]));
  assert.deepEqual(
    most.said.filter((line) => line !== 'pong '),
    ['text ab', 'text ab'],
  );
  assert.equal(hear(fragments(16_385)).end, 'refused 1008: a message has more than 16384 fragments');
});

test('a promised length takes no memory', () => {
  const { feed, heard } = told({ mostBytes: 2 ** 40 });
  const before = process.memoryUsage().arrayBuffers;
  feed(hex('82 7f 00 00 00 02 00 00 00 00 61 62 63'));
  assert.ok(process.memoryUsage().arrayBuffers - before < 100_000);
  assert.deepEqual(heard(), { said: [], end: 'open' });
});

test('a message of half a million single bytes is put together', () => {
  const payload = many(500_000);
  const bytes = frame(fin | text, payload);
  const { feed, heard } = told();
  for (let i = 0; i < bytes.length; i++) feed(bytes.subarray(i, i + 1));
  assert.ok(heard().said[0] === `text ${payload}`);
});

test('a whole frame is delivered where it lies in the chunk, at any offset', () => {
  const chunk = Buffer.concat([hex('ff ff'), frame(fin | text, 'first'), frame(fin | binary, 'second'), hex('ff')]);
  const views: unknown[] = [];
  const view = (...args: unknown[]) => void views.push(args);
  const parser = createWebSocketParser(sinkOf({ onMessage: view }), { mostBytes });
  parser.feed(chunk, 2, chunk.length - 1);
  assert.deepEqual(views, [
    [false, chunk, 4, 9],
    [true, chunk, 11, 17],
  ]);
  assert.ok(views.every((args) => (args as unknown[])[1] === chunk));
});

test('bytes behind the end of a chunk are not read', () => {
  const { feed, heard } = told();
  const bytes = hex('81 02 61 ff');
  feed(bytes.subarray(0, 3));
  feed(hex('62'));
  assert.deepEqual(heard().said, ['text ab']);
});

test('the given check of UTF-8 decides about long texts, whole or cut, and never sees binary data', () => {
  for (const verdict of [true, false]) {
    const seen: number[] = [];
    const isUtf8 = (bytes: Uint8Array) => {
      seen.push(bytes.length);
      return verdict;
    };
    const long = Buffer.concat([frame(fin | binary, many(2_000)), frame(fin | text, many(1_000))]);
    const heard = hear(long, { isUtf8 });
    assert.equal(heard.end, verdict ? 'open' : 'refused 1007: a text message is not valid UTF-8');
    assert.equal(heard.said.length, verdict ? 2 : 1);
    assert.deepEqual(seen, [1_000, 1_000]);
  }
  const ours = { isUtf8: () => assert.fail('a short text is checked by our own loop') };
  assert.equal(hear(frame(fin | text, 'short'), ours).said.length, 1);
  assert.equal(hear(frame(fin | text, Buffer.of(0xff)), ours).said.length, 0);
});

test('without a given check, long texts are checked too', () => {
  const damaged = Buffer.from(many(1_000));
  damaged[999] = 0xff;
  assert.match(hear(frame(fin | text, damaged)).end, /^refused 1007/);
  assert.equal(hear(frame(fin | text, many(1_000))).end, 'open');
});

test('after stop nothing is delivered, not even from the same chunk', () => {
  const chunk = Buffer.concat([frame(0x8a, 'p'), frame(fin | text, 'a'), frame(0x89, 'q'), hex(closeNormally)]);
  for (const [handler, calls] of [
    ['onPong', 1],
    ['onMessage', 2],
    ['onPing', 3],
    ['onClose', 4],
  ] as const) {
    for (const size of [chunk.length, 1]) {
      const seen: string[] = [];
      const note = (name: string) => () => {
        seen.push(name);
        if (name === handler) parser.stop();
      };
      const parser = createWebSocketParser(
        { onMessage: note('onMessage'), onPing: note('onPing'), onPong: note('onPong'), onClose: note('onClose') },
        { mostBytes },
      );
      for (let at = 0; at < chunk.length; at += size) parser.feed(chunk, at, at + size);
      assert.equal(seen.length, calls, `${handler} in chunks of ${size}: ${seen}`);
    }
  }
});

test('a stopped parser refuses nothing, wherever it was', () => {
  for (const begun of ['', '81', '81 7e 00', '81 02 61']) {
    const { feed, stop, heard } = told();
    feed(hex(begun));
    stop();
    feed(hex('ff ff ff ff'));
    assert.deepEqual(heard(), { said: [], end: 'open' });
  }
});

test('an error of the sink comes out of feed, and nothing is read after it', () => {
  for (const size of [100, 1]) {
    let calls = 0;
    const onMessage = () => {
      calls++;
      throw new RangeError('of the sink');
    };
    const parser = createWebSocketParser(sinkOf({ onMessage }), { mostBytes });
    const chunk = Buffer.concat([frame(fin | text, 'a'), frame(fin | text, 'b')]);
    const feedAll = () => {
      for (let at = 0; at < chunk.length; at += size) parser.feed(chunk, at, Math.min(at + size, chunk.length));
    };
    assert.throws(feedAll, RangeError);
    feedAll();
    assert.equal(calls, 1);
  }
});

test('nothing is allocated for a frame within a chunk', () => {
  const frames = [frame(fin | text, 'a text of an update, with a little more'), frame(fin | binary, many(1_000))];
  frames.push(frame(0x89, 'ping'), frame(0x8a, ''), frame(fin | text, many(180)));
  const chunk = Buffer.concat(frames);
  let bytesSeen = 0;
  const count = (_bytes: Uint8Array, start: number, end: number) => {
    bytesSeen += end - start;
  };
  const onMessage = (_binary: boolean, _bytes: Uint8Array, start: number, end: number) => {
    bytesSeen += end - start;
  };
  const parser = createWebSocketParser(sinkOf({ onMessage, onPing: count, onPong: count }), {
    mostBytes,
    isUtf8: () => true,
  });
  const rounds = 2_000;
  const framesOfRound = rounds * frames.length;
  const grown: number[] = [];
  // The smallest object has 16 bytes. Where the collector was at work, a round has grown by less than it allocated.
  const calm = () => grown.filter((bytes) => bytes >= 0 && bytes < framesOfRound * 4).length;
  // Code that is not optimized yet may allocate, and on a busy machine the compiler takes its time.
  while (calm() < 10 && grown.length < 1_000) {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < rounds; i++) parser.feed(chunk, 0, chunk.length);
    grown.push(process.memoryUsage().heapUsed - before);
  }
  assert.ok(bytesSeen > 0);
  assert.ok(calm() >= 10, `${grown.slice(-5).join(', ')} bytes in ${framesOfRound} frames each`);
});

function sinkOf(handlers: Partial<WebSocketSink>): WebSocketSink {
  return { onMessage: () => {}, onPing: () => {}, onPong: () => {}, onClose: () => {}, ...handlers };
}
