import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyCharacter } from '../../testing/by-hand/any-character.ts';
import { createWebSocketParser, WebSocketFault } from './web-socket-parser.ts';

/**
 * Streams from a generator, read by our parser and by the Receiver of ws: both must say the same, however each is fed.
 */
type Receiver = {
  on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): void;
  on(event: 'ping' | 'pong', listener: (data: Buffer) => void): void;
  on(event: 'conclude', listener: (code: number, reason: Buffer) => void): void;
  /** Calls `done` before it returns. Used in place of `write`, which tells an error only later. */
  _write(chunk: Buffer, encoding: string, done: (error?: Error | null) => void): void;
};
type ReceiverOptions = {
  readonly isServer: boolean;
  readonly maxPayload: number;
  readonly maxFragments: number;
  readonly skipUTF8Validation: boolean;
};
/** The types of ws do not include it. */
const { Receiver } = createRequire(import.meta.url)('ws') as {
  readonly Receiver: new (options: ReceiverOptions) => Receiver;
};

/** What was delivered, and whether the stream is then open, closed with a code and reason, or refused with a code. */
type Heard = { readonly said: readonly string[]; readonly end: string };

type Frame = {
  readonly firstByte: number;
  readonly payload: Buffer;
  /** Bits of its length; 'shortest' for the form that holds it. */
  readonly form: 'shortest' | 16 | 64;
  readonly masked?: boolean;
};

const runs = 1_500;
/** Beyond all messages of valid streams. */
const roomy = 200_000;

function line(kind: string, bytes: Uint8Array): string {
  return `${kind} ${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')}`;
}

/** Feeds each chunk from within a larger array, beside bytes that would be a frame. */
function hearOurs(chunks: readonly Buffer[], mostBytes: number): Heard {
  const said: string[] = [];
  const note = (kind: string) => (bytes: Uint8Array, start: number, end: number) =>
    void said.push(line(kind, bytes.subarray(start, end)));
  const [onText, onBinary] = [note('text'), note('binary')];
  let ended = 'open';
  const parser = createWebSocketParser(
    {
      onMessage: (isBinary, bytes, start, end) => {
        assert.ok(end - start <= mostBytes);
        (isBinary ? onBinary : onText)(bytes, start, end);
      },
      onPing: note('ping'),
      onPong: note('pong'),
      onClose: (code, reason) => {
        ended = `closed ${code} ${reason}`;
      },
    },
    { mostBytes },
  );
  const beside = Buffer.of(0x89, 0);
  for (const chunk of chunks) {
    try {
      parser.feed(Buffer.concat([beside, chunk, beside]), 2, 2 + chunk.length);
    } catch (error) {
      if (!(error instanceof WebSocketFault)) throw error;
      ended = `refused ${error.code}`;
    }
  }
  return { said, end: ended };
}

function hearWs(chunks: readonly Buffer[], mostBytes: number): Heard {
  const said: string[] = [];
  let end = 'open';
  const receiver = new Receiver({
    isServer: false,
    maxPayload: mostBytes,
    maxFragments: 16_384,
    skipUTF8Validation: false,
  });
  receiver.on('message', (data, isBinary) => said.push(line(isBinary ? 'binary' : 'text', data)));
  for (const kind of ['ping', 'pong'] as const) receiver.on(kind, (data) => said.push(line(kind, data)));
  receiver.on('conclude', (code, reason) => {
    end = `closed ${code} ${reason}`;
  });
  const done = (error?: Error | null) => {
    if (error) end = `refused ${statusOf(error)}`;
  };
  for (const chunk of chunks) {
    if (end === 'open' && chunk.length > 0) receiver._write(chunk, 'buffer', done);
  }
  return { said, end };
}

/** ws keeps it behind a symbol of its own. */
function statusOf(error: Error): unknown {
  const symbol = Object.getOwnPropertySymbols(error).find(({ description }) => description === 'status-code');
  assert.ok(symbol, String(error));
  return (error as unknown as Readonly<Record<symbol, unknown>>)[symbol];
}

function written({ firstByte, payload, form, masked }: Frame): Buffer {
  const { length } = payload;
  const shortest = length < 126 ? 7 : length < 65_536 ? 16 : 64;
  const bits = form === 'shortest' ? shortest : Math.max(shortest, form);
  const head = Buffer.alloc(bits === 7 ? 2 : bits === 16 ? 4 : 10);
  head[0] = firstByte;
  head[1] = (bits === 7 ? length : bits === 16 ? 126 : 127) | (masked ? 0x80 : 0);
  if (bits === 16) head.writeUInt16BE(length, 2);
  if (bits === 64) head.writeUInt32BE(length, 6);
  return Buffer.concat([head, payload]);
}

const text = fc.string({ unit: anyCharacter, maxLength: 30 }).map((characters) => Buffer.from(characters));
const bytes = fc.uint8Array({ maxLength: 30 }).map((array) => Buffer.from(array));
const size = fc.constantFrom(125, 126, 127, 300, 65_535, 65_536);
const long = fc.tuple(size, fc.nat(127)).map(([length, byte]) => Buffer.alloc(length, byte));
/** The long ones are rare: they take most of the time. */
const textPayload = fc.oneof({ weight: 20, arbitrary: text }, long);
const binaryPayload = fc.oneof({ weight: 20, arbitrary: bytes }, long);
const controlPayload = fc.oneof(
  bytes,
  fc.nat(125).map((length) => Buffer.alloc(length, '*')),
);
const form = fc.constantFrom<Frame['form']>('shortest', 'shortest', 'shortest', 16, 64);

/** A frame, and what is said once it has come. */
type Step = { readonly frame: Frame; readonly said: readonly string[] };

const control: fc.Arbitrary<Step> = fc
  .tuple(fc.constantFrom('ping', 'pong'), controlPayload)
  .map(([kind, payload]) => ({
    // A control frame has a length of 7 bits and no other.
    frame: { firstByte: kind === 'ping' ? 0x89 : 0x8a, payload, form: 'shortest' },
    said: [line(kind, payload)],
  }));

/** A message in up to four fragments, some of them empty, with control frames between them. */
const message: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    fc.oneof(
      textPayload.map((payload) => ({ kind: 'text', payload })),
      binaryPayload.map((payload) => ({ kind: 'binary', payload })),
    ),
    fc.array(fc.tuple(fc.nat(), fc.option(control), form), { maxLength: 3 }),
    form,
  )
  .map(([{ kind, payload }, cuts, lastForm]) => {
    const ends = cuts.map(([at]) => at % (payload.length + 1)).toSorted((a, b) => a - b);
    const opcodeOf = (index: number) => (index > 0 ? 0 : kind === 'text' ? 1 : 2);
    const steps: Step[] = [];
    cuts.forEach(([, between, ofFragment], i) => {
      const fragment = payload.subarray(ends[i - 1] ?? 0, ends[i]);
      steps.push({ frame: { firstByte: opcodeOf(i), payload: fragment, form: ofFragment }, said: [] });
      if (between) steps.push(between);
    });
    const last = {
      firstByte: 0x80 | opcodeOf(cuts.length),
      payload: payload.subarray(ends.at(-1) ?? 0),
      form: lastForm,
    };
    return [...steps, { frame: last, said: [line(kind, payload)] }];
  });

const closeCode = fc.oneof(
  fc.constantFrom(1000, 1001, 1003, 1011, 1014, 3000, 4999),
  fc.integer({ min: 3000, max: 4999 }),
);
const reason = fc.string({ unit: anyCharacter, maxLength: 30 });
const close = fc.option(fc.tuple(closeCode, reason)).map((content) => {
  const [code, words] = content ?? [1005, ''];
  const payload = content ? Buffer.from(`  ${words}`) : Buffer.alloc(0);
  if (content) payload.writeUInt16BE(code, 0);
  return { frame: written({ firstByte: 0x88, payload, form: 'shortest' }), end: `closed ${code} ${words}` };
});

/** A stream of a server that keeps to RFC 6455, and what has to be heard. After a close frame come any bytes. */
const validStream: fc.Arbitrary<{ readonly stream: Buffer; readonly expected: Heard }> = fc
  .tuple(
    fc.array(
      fc.oneof(
        message,
        control.map((step) => [step]),
      ),
      { maxLength: 6 },
    ),
    fc.option(fc.tuple(close, bytes), { freq: 2 }),
  )
  .map(([groups, ending]) => {
    const steps = groups.flat();
    const frames = steps.map(({ frame }) => written(frame));
    return {
      stream: Buffer.concat(ending ? [...frames, ending[0].frame, ending[1]] : frames),
      expected: { said: steps.flatMap(({ said }) => said), end: ending?.[0].end ?? 'open' },
    };
  });

/** Any code, and a reason that may be no text. */
const anyClosePayload = fc
  .tuple(fc.oneof(closeCode, fc.integer({ min: 990, max: 1020 }), fc.nat(65_535)), fc.oneof(text, bytes))
  .map(([code, words]) => Buffer.concat([Buffer.of(code >> 8, code & 0xff), words]));
const shortest = fc.constant<Frame['form']>('shortest');
/** Frames that alone may be right, in an order that often is not, and frames that are mostly wrong. */
const anyFrame: fc.Arbitrary<Frame> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      firstByte: fc.constantFrom(0x81, 0x81, 0x81, 0x82, 0x82, 0x01, 0x02, 0x00, 0x80, 0x80),
      payload: textPayload,
      form,
    }),
  },
  { weight: 4, arbitrary: fc.record({ firstByte: fc.constantFrom(0x89, 0x8a), payload: bytes, form: shortest }) },
  { weight: 2, arbitrary: fc.record({ firstByte: fc.constant(0x88), payload: anyClosePayload, form: shortest }) },
  {
    weight: 1,
    arbitrary: fc.record({ firstByte: fc.nat(255), payload: fc.oneof(bytes, long), form, masked: fc.boolean() }),
  },
);
const anyFrames = fc.array(anyFrame, { maxLength: 6, size: 'max' }).map((frames) => Buffer.concat(frames.map(written)));

type Damage = {
  readonly kind: 'flip' | 'set' | 'insert' | 'remove' | 'end';
  readonly at: number;
  readonly byte: number;
};
const damages = fc.array(
  fc.record<Damage>({
    kind: fc.constantFrom('flip', 'flip', 'set', 'set', 'insert', 'remove', 'end'),
    at: fc.nat(),
    byte: fc.nat(255),
  }),
  { minLength: 1, maxLength: 3 },
);

function damaged(stream: Buffer, list: readonly Damage[]): Buffer {
  return list.reduce((bytesNow, { kind, at, byte }) => {
    const place = at % (bytesNow.length + 1);
    const [front, back] = [bytesNow.subarray(0, place), bytesNow.subarray(place)];
    if (kind === 'end') return Buffer.from(front);
    if (kind === 'insert') return Buffer.concat([front, Buffer.of(byte), back]);
    if (kind === 'remove') return Buffer.concat([front, back.subarray(1)]);
    const copy = Buffer.from(bytesNow);
    if (place < copy.length) copy[place] = kind === 'set' ? byte : copy[place]! ^ (1 << (byte % 8));
    return copy;
  }, stream);
}

/** Where to cut, some of them near the front, where the heads of short streams are; 'bytes' for everywhere. */
type Cuts = 'bytes' | readonly number[];
const cuts: fc.Arbitrary<Cuts> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Cuts>('bytes') },
  { weight: 4, arbitrary: fc.array(fc.oneof(fc.nat(), fc.nat(300)), { maxLength: 8 }) },
);

function cut(stream: Buffer, places: Cuts): readonly Buffer[] {
  // A long stream in single bytes takes too long, and the heads are what matters.
  const step = stream.length > 3_000 ? 97 : 1;
  const ends =
    places === 'bytes'
      ? Array.from({ length: Math.floor(stream.length / step) }, (_, i) => (i + 1) * step)
      : places.map((place) => place % (stream.length + 1)).toSorted((a, b) => a - b);
  return [...ends, stream.length].map((end, i) => stream.subarray(ends[i - 1] ?? 0, end));
}

const limit = fc.constantFrom(1, 16, 125, 126, 300, 70_000, roomy);

/** Counts how streams ended, to see that the generator reaches every kind of end. */
function tally(): {
  readonly add: (heard: Heard) => void;
  readonly atLeast: (least: Readonly<Record<string, number>>) => void;
} {
  const counts = new Map<string, number>();
  return {
    add: ({ end }) => {
      const kind = end.startsWith('closed') ? 'closed' : end;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    },
    atLeast: (least) => {
      const all = [...counts].join('; ');
      for (const [kind, count] of Object.entries(least)) assert.ok((counts.get(kind) ?? 0) >= count, `${kind}: ${all}`);
    },
  };
}

test('a valid stream, cut anywhere, gives what was put in, and the same as with ws', () => {
  const ends = tally();
  fc.assert(
    fc.property(validStream, cuts, cuts, ({ stream, expected }, ours, theirs) => {
      ends.add(expected);
      assert.deepEqual(hearOurs([stream], roomy), expected);
      assert.deepEqual(hearOurs(cut(stream, ours), roomy), expected);
      assert.deepEqual(hearWs(cut(stream, theirs), roomy), expected);
    }),
    { numRuns: runs },
  );
  ends.atLeast({ open: runs / 4, closed: runs / 4 });
});

function agrees(stream: Buffer, mostBytes: number, ours: Cuts, theirs: Cuts): Heard {
  const expected = hearWs(cut(stream, theirs), mostBytes);
  assert.deepEqual(hearOurs([stream], mostBytes), expected);
  assert.deepEqual(hearOurs(cut(stream, ours), mostBytes), expected);
  return expected;
}

test('a damaged stream, cut anywhere, ends as with ws', () => {
  const ends = tally();
  fc.assert(
    fc.property(validStream, damages, limit, cuts, cuts, ({ stream }, list, mostBytes, ours, theirs) => {
      ends.add(agrees(damaged(stream, list), mostBytes, ours, theirs));
    }),
    { numRuns: runs },
  );
  ends.atLeast({ open: 100, closed: 50, 'refused 1002': 100, 'refused 1007': 10, 'refused 1009': 50 });
});

test('a stream of frames that are often wrong, cut anywhere, ends as with ws', () => {
  const ends = tally();
  fc.assert(
    fc.property(anyFrames, limit, cuts, cuts, (stream, mostBytes, ours, theirs) => {
      ends.add(agrees(stream, mostBytes, ours, theirs));
    }),
    { numRuns: runs },
  );
  ends.atLeast({ open: 100, closed: 20, 'refused 1002': 100, 'refused 1007': 10, 'refused 1009': 30 });
});

test('too many fragments end as with ws', () => {
  const fragments = Buffer.alloc(2 * 16_383);
  for (const [end, expected] of [
    ['8000', { said: ['text '], end: 'open' }],
    ['00008000', { said: [], end: 'refused 1008' }],
  ] as const) {
    const stream = Buffer.concat([Buffer.from('0100', 'hex'), fragments.subarray(2), Buffer.from(end, 'hex')]);
    assert.deepEqual(agrees(stream, roomy, [], []), expected);
  }
});
