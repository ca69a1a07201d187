import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { Client } from 'undici';
import { damagedHttpAnswer, httpAnswer, type SentAnswer } from '../../testing/by-hand/http-answers.ts';
import { AnswerFault, type AnswerLimits, type AnswerParser, createAnswerParser } from './answer-parser.ts';

/**
 * Answers from a generator, right and damaged, cut anywhere: our parser must read what was written, whatever the cuts,
 * and the same as undici, which reads with the parser of Node.js (llhttp).
 */
type Outcome = {
  readonly status: number;
  readonly body: string;
  /** `reusable` and `closing`: complete. `incomplete`: the connection ended first. */
  readonly end: 'reusable' | 'closing' | 'refused' | 'incomplete' | 'upgraded';
  /** The fault, if there was one. */
  readonly why: string;
};

/** Where to cut each answer. */
type Cuts = readonly number[];

const runs = 600;
const roomy: AnswerLimits = { mostBodyBytes: 100_000 };

/** Some of them in single bytes near the front, where the heads are. */
const cuts: fc.Arbitrary<Cuts> = fc.oneof(
  { weight: 1, arbitrary: fc.nat(300).map((from) => Array.from({ length: 30 }, (_, i) => from + i)) },
  { weight: 4, arbitrary: fc.array(fc.oneof(fc.nat(), fc.nat(100)), { maxLength: 5 }) },
);

const answersOf = <Answer>(answer: fc.Arbitrary<Answer>) => fc.array(answer, { minLength: 1, maxLength: 3 });

function cut(bytes: Buffer, places: Cuts): readonly Buffer[] {
  const ends = places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b);
  return [...ends, bytes.length].map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}

/** What came of each request; the next one is sent if the connection may carry it. */
function readOurs(
  sent: readonly SentAnswer[],
  places: Cuts,
  whole: boolean,
  limits: AnswerLimits = roomy,
): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  let status = 0;
  let body = '';
  /** Whether each request was answered by a reusable connection. */
  const ends: boolean[] = [];
  const parser = createAnswerParser(
    {
      onHead: (head) => {
        status = head.status;
      },
      onBody: (bytes, start, end) => {
        assert.ok(end > start);
        assert.ok(!whole || (body === '' && end - start <= limits.mostBodyBytes));
        body += Buffer.from(bytes.subarray(start, end)).toString('latin1');
      },
      onEnd: (reusable) => {
        assert.equal(ends.length, outcomes.length);
        ends.push(reusable);
      },
    },
    limits,
  );
  for (const { method, bytes } of sent) {
    status = 0;
    body = '';
    parser.expect(method, whole);
    const why = feedPieces(parser, cut(bytes, places));
    if (parser.finish()) assert.equal(why, '');
    const ended = ends[outcomes.length];
    const otherwise = parser.isUpgraded() ? 'upgraded' : why ? 'refused' : 'incomplete';
    const end = ended === undefined ? otherwise : ended && !why ? 'reusable' : 'closing';
    outcomes.push({ status, body, end, why });
    if (end !== 'reusable') break;
  }
  return outcomes;
}

/** Feeds each piece from within a larger array, which is overwritten afterwards. Returns the fault. */
function feedPieces(parser: AnswerParser, pieces: readonly Buffer[]): string {
  for (const piece of pieces) {
    const chunk = Buffer.concat([Buffer.from('\r\n'), piece, Buffer.from('0\r\n')]);
    const end = 2 + piece.length;
    try {
      const read = parser.feed(chunk, 2, end);
      assert.ok(read === end || parser.isUpgraded());
    } catch (error) {
      if (!(error instanceof AnswerFault)) throw error;
      assert.equal(parser.feed(chunk, 2, end), 2, 'nothing more is read');
      return error.message;
    }
    chunk.fill('x');
  }
  return '';
}

/** Streams tell what happened in the next tick. */
const tick = () => new Promise<void>((resolve) => process.nextTick(resolve));

/** The other end of undici's connection. */
class Peer extends Duplex {
  wasAsked = false;

  override _read(): void {}

  override _write(_chunk: unknown, _encoding: unknown, done: () => void): void {
    this.wasAsked = true;
    done();
  }
}

async function readUndici(sent: readonly SentAnswer[], places: Cuts): Promise<readonly Outcome[]> {
  const peer = new Peer();
  const client = new Client('http://peer', {
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (_options, done) => queueMicrotask(() => (done as (error: null, socket: Duplex) => void)(null, peer)),
  });
  const outcomes: Outcome[] = [];
  for (const { method, bytes } of sent) {
    const outcome = await askUndici(client, peer, method, cut(bytes, places));
    outcomes.push(outcome);
    if (outcome.end !== 'reusable') break;
  }
  client.destroy().catch(() => {});
  return outcomes;
}

async function askUndici(
  client: Client,
  peer: Peer,
  method: SentAnswer['method'],
  pieces: readonly Buffer[],
): Promise<Outcome> {
  let status = 0;
  let body = '';
  let why: string | undefined;
  let complete = false;
  client.dispatch(
    { path: '/', method },
    {
      onRequestStart: () => {},
      onResponseStart: (_controller, code) => {
        if (code >= 200) status = code;
      },
      onResponseData: (_controller, chunk) => {
        body += chunk.toString('latin1');
      },
      onResponseEnd: () => {
        complete = true;
      },
      onResponseError: (_controller, error) => {
        why = error.message;
      },
    },
  );
  peer.wasAsked = false;
  while (!peer.wasAsked) await turn();
  for (const piece of pieces) {
    if (peer.destroyed) break;
    peer.push(piece);
    await tick();
  }
  const refused = peer.destroyed && !complete;
  const reusable = complete && !peer.destroyed;
  if (!peer.destroyed && !reusable) peer.push(null);
  while (!complete && why === undefined) await turn();
  const end = reusable ? 'reusable' : complete ? 'closing' : refused ? 'refused' : 'incomplete';
  return { status, body, end, why: why ?? '' };
}

/** The first request whose outcomes differ. */
type Difference = { readonly text: string; readonly ours: Outcome; readonly theirs: Outcome };

/**
 * Each difference from undici, with an example, what it says to undici, and the reason. `explains` has to be narrow: it
 * lets what it matches pass.
 */
type Exception = {
  readonly because: string;
  readonly example: string;
  readonly found: Pick<Outcome, 'status' | 'end'>;
  readonly expected: Pick<Outcome, 'status' | 'end'>;
  readonly explains: (difference: Difference) => boolean;
};

const ok = 'HTTP/1.1 200 OK\r\n';
const refused = { status: 0, end: 'refused' } as const;
const hello = 'Content-Length: 5\r\n\r\nhello';
const inChunks = 'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n';

const exceptions: readonly Exception[] = [
  {
    because: 'a body in a transfer coding that we do not undo is refused; undici passes it on as it is',
    example: `${ok}Transfer-Encoding: gzip\r\n\r\nhello`,
    found: refused,
    expected: { status: 200, end: 'closing' },
    explains: ({ ours }) => ours.why === 'answered with another transfer coding than chunked',
  },
  {
    because: 'empty members of a list do not count (RFC 9110, 5.6.1.2)',
    example: `${ok}${inChunks.replace('chunked', 'chunked,')}`,
    found: { status: 200, end: 'reusable' },
    expected: { status: 200, end: 'closing' },
    explains: ({ text }) => /transfer-encoding:[^\r]*,/i.test(text),
  },
  {
    because: 'after chunks in HTTP/1.0 a connection has to be closed (RFC 9112, 6.1)',
    example: `HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n${inChunks}`,
    found: { status: 200, end: 'closing' },
    expected: { status: 200, end: 'reusable' },
    explains: ({ ours, theirs, text }) =>
      ours.end === 'closing' && theirs.end === 'reusable' && /HTTP\/1\.0/.test(text) && /transfer-encoding/i.test(text),
  },
  {
    because: 'close counts more than keep-alive (RFC 9112, 9.3)',
    example: `HTTP/1.0 200 OK\r\nConnection: close, keep-alive\r\n${hello}`,
    found: { status: 200, end: 'closing' },
    expected: { status: 200, end: 'reusable' },
    explains: ({ ours, theirs, text }) =>
      ours.end === 'closing' && theirs.end === 'reusable' && /HTTP\/1\.0/.test(text) && /close/i.test(text),
  },
  {
    because: 'a chunk extension is ignored, so its grammar does not matter as long as it has no control characters',
    example: `${ok}${inChunks.replace('5\r\nhello', '5;a b\r\nhello')}`,
    found: { status: 200, end: 'reusable' },
    expected: { status: 200, end: 'refused' },
    explains: ({ ours, theirs }) => /chunk extension/.test(ours.why + theirs.why),
  },
  {
    because: 'blanks before an extension have to be read (RFC 9110, 5.6.3)',
    example: `${ok}${inChunks.replace('5\r\nhello', '5 ;a\r\nhello')}`,
    found: { status: 200, end: 'reusable' },
    expected: { status: 200, end: 'refused' },
    explains: ({ theirs, text }) => /chunk size/.test(theirs.why) && /[0-9a-f][ \t]+;/i.test(text),
  },
  {
    because: 'what an interim answer says of the connection is about the final one (RFC 9112, 9.3)',
    example: `HTTP/1.1 103 x\r\nConnection: close\r\n\r\n${ok}${hello}`,
    found: { status: 200, end: 'reusable' },
    expected: refused,
    explains: ({ theirs, text }) => /Data after `Connection: close`/.test(theirs.why) && /HTTP\/1\.. 1\d\d/.test(text),
  },
  {
    because: 'undici takes 100 for a fault, since it never asks for it; any client must take it (RFC 9110, 15.2)',
    example: `HTTP/1.1 100 Continue\r\n\r\n${ok}${hello}`,
    found: { status: 200, end: 'reusable' },
    expected: refused,
    explains: ({ theirs, text }) => theirs.why === 'bad response' && / 100/.test(text),
  },
  {
    because: 'after 101 comes no HTTP, whoever asked for it',
    example: 'HTTP/1.1 101 x\r\n\r\n',
    found: { status: 101, end: 'upgraded' },
    expected: refused,
    explains: ({ ours }) => ours.end === 'upgraded',
  },
  {
    because: '204 and 304 have no body, whatever Content-Length says (RFC 9112, 6.3)',
    example: 'HTTP/1.1 304 x\r\nContent-Length: 5\r\n\r\n',
    found: { status: 304, end: 'reusable' },
    expected: { status: 304, end: 'refused' },
    explains: ({ ours, theirs }) =>
      /^(204|304)$/.test(`${ours.status}`) && /does not match content-length/.test(theirs.why),
  },
  {
    because: 'a tab behind a Content-Length is a blank like others (RFC 9110, 5.5)',
    example: `${ok}Content-Length: 5\t\r\n\r\nhello`,
    found: { status: 200, end: 'reusable' },
    expected: refused,
    explains: ({ text }) => /content-length:[ \t]*\d+ *\t/i.test(text),
  },
  {
    because: 'so is one behind a transfer coding, for which undici passes the chunks on with their sizes',
    example: `${ok}${inChunks.replace('chunked', 'chunked\t')}`,
    found: { status: 200, end: 'reusable' },
    expected: { status: 200, end: 'closing' },
    explains: ({ text }) => /transfer-encoding:[ \t]*chunked *\t/i.test(text),
  },
  {
    because: 'trailers do not frame (RFC 9110, 6.5.1)',
    example: `${ok}${inChunks.slice(0, -2)}Content-Length: 5\r\n\r\n`,
    found: { status: 200, end: 'reusable' },
    expected: { status: 200, end: 'refused' },
    explains: ({ theirs }) => /Content-Length can't be present with Transfer-Encoding/.test(theirs.why),
  },
  {
    because: 'a header line is judged when it is complete; undici judges a Content-Length at its first wrong byte',
    example: `${ok}Content-Length: 5x`,
    found: { status: 0, end: 'incomplete' },
    expected: refused,
    explains: ({ ours, theirs, text }) =>
      ours.end === 'incomplete' && theirs.end === 'refused' && read(`${text}\r\n`).end === 'refused',
  },
  {
    because: 'only LF may come after CR (RFC 9112, 2.2); undici reads CR CR as the end of a status line',
    example: `${ok.trim()}\r\r${hello}`,
    found: refused,
    expected: { status: 200, end: 'reusable' },
    explains: ({ ours }) => ours.why === 'answered with the byte 0x0d after CR, where LF belongs',
  },
  {
    because: 'a status has three digits from 100 on (RFC 9110, 15); undici fails below 100, and only after the head',
    example: 'HTTP/1.1 09',
    found: refused,
    expected: { status: 0, end: 'incomplete' },
    explains: ({ ours, text }) => /^answered with no status/.test(ours.why) && /HTTP\/1\.[01] 0/.test(text),
  },
  {
    because: 'sizes of 2 ** 53 and more are refused: numbers here do not hold them exactly',
    example: `${ok}${inChunks.replace('5\r\nhello', '20000000000000\r\nhello')}`,
    found: { status: 200, end: 'refused' },
    expected: { status: 200, end: 'incomplete' },
    explains: ({ ours }) => /chunk too large to count|Content-Length "0*\d{16,}"/.test(ours.why),
  },
  {
    because: 'this is HTTP/1.0 and HTTP/1.1 alone; undici knows HTTP/0.9 and HTTP/2.0 in this form',
    example: `HTTP/2.0 200 OK\r\n${hello}`,
    found: refused,
    expected: { status: 200, end: 'closing' },
    explains: ({ ours }) => /^answered with neither HTTP\/1.0 nor HTTP\/1.1/.test(ours.why),
  },
  {
    because: 'a few empty lines may come before an answer; undici skips any number',
    example: `${'\n'.repeat(9)}${ok}${hello}`,
    found: refused,
    expected: { status: 200, end: 'reusable' },
    explains: ({ ours }) => ours.why === 'answered with too many empty lines',
  },
];

function read(text: string): Outcome {
  return readOurs([{ method: 'GET', bytes: Buffer.from(text, 'latin1') }], [], false)[0]!;
}

/** undici ends a connection after HEAD. */
function untilHead(sent: readonly SentAnswer[], outcomes: readonly Outcome[]): readonly Outcome[] {
  const last = sent.findIndex(({ method }) => method === 'HEAD');
  return outcomes
    .slice(0, last < 0 ? undefined : last + 1)
    .map((outcome, i) => (i === last && outcome.end === 'reusable' ? { ...outcome, end: 'closing' } : outcome));
}

const shown = ({ status, body, end }: Outcome) => ({ status, body, end });

/** Compares the outcomes, up to a difference that an exception explains. Returns the end of each, and the exception. */
async function compare(sent: readonly SentAnswer[], ours: Cuts, theirs: Cuts): Promise<readonly string[]> {
  const found = untilHead(sent, readOurs(sent, ours, false));
  const expected = untilHead(sent, await readUndici(sent, theirs));
  const same = found.findIndex((outcome, i) => !isDeepStrictEqual(shown(outcome), expected[i] && shown(expected[i])));
  const ends = found.map(({ end }) => end);
  if (same < 0) {
    assert.equal(found.length, expected.length);
    return ends;
  }
  const text = sent[same]!.bytes.toString('latin1');
  const difference = { text, ours: found[same]!, theirs: expected[same]! };
  const exception = exceptions.find(({ explains }) => explains(difference));
  assert.ok(exception, JSON.stringify(difference));
  return [...ends.slice(0, same), exception.because];
}

test('answers, cut anywhere, are read as they were written', () => {
  fc.assert(
    fc.property(answersOf(httpAnswer), cuts, fc.boolean(), (answers, places, whole) => {
      const closingAt = answers.findIndex(({ content }) => !content.reusable);
      const expected = answers.slice(0, closingAt < 0 ? undefined : closingAt + 1).map(({ content }) => content);
      const found = readOurs(answers, places, whole);
      assert.deepEqual(
        found.map(({ status, body, end }) => ({ status, body, reusable: end === 'reusable' })),
        expected,
      );
      assert.ok(found.every(({ end }) => end === 'reusable' || end === 'closing'));
    }),
    { numRuns: runs },
  );
});

test('damaged answers end in the same way wherever they are cut, whole or not, and within the limits', () => {
  const limits = fc.record({ mostBodyBytes: fc.nat(60), mostHeadBytes: fc.integer({ min: 20, max: 300 }) });
  // The first bytes are cited as far as they have come.
  const uncited = (outcomes: readonly Outcome[]) =>
    outcomes.map((outcome) => ({ ...outcome, why: outcome.why.replace(/".*"$/s, '') }));
  fc.assert(
    fc.property(answersOf(damagedHttpAnswer), cuts, limits, (answers, places, small) => {
      const pieces = readOurs(answers, [], false);
      const whole = readOurs(answers, [], true);
      assert.deepEqual(uncited(readOurs(answers, places, false)), uncited(pieces));
      assert.deepEqual(readOurs(answers, places, true).map(shown), whole.map(shown));
      const complete = ({ end }: Outcome) => end === 'reusable' || end === 'closing';
      assert.deepEqual(whole.filter(complete).map(shown), pieces.filter(complete).map(shown));
      const limited = readOurs(answers, [], true, small);
      assert.deepEqual(uncited(readOurs(answers, places, true, small)), uncited(limited));
    }),
    { numRuns: runs },
  );
});

describe('undici', () => {
  for (const [title, answer, reached] of [
    ['answers', httpAnswer, ['reusable', 'closing']],
    ['damaged answers', damagedHttpAnswer, ['reusable', 'closing', 'refused', 'incomplete']],
  ] as const) {
    test(`reads ${title}, cut anywhere, in the same way`, async () => {
      const ends: string[] = [];
      await fc.assert(
        fc.asyncProperty(answersOf(answer), cuts, cuts, async (sent, ours, theirs) => {
          ends.push(...(await compare(sent, ours, theirs)));
        }),
        { numRuns: runs },
      );
      const count = (end: string) => ends.filter((other) => other === end).length;
      for (const end of reached) assert.ok(count(end) > runs / 30, `${end}: ${count(end)}`);
      const excused = exceptions.reduce((sum, { because }) => sum + count(because), 0);
      assert.ok(excused < 0.1 * ends.length, `${excused} of ${ends.length}`);
    });
  }

  for (const { because, example, found, expected, explains } of exceptions) {
    test(`differs: ${because}`, async () => {
      const sent: readonly SentAnswer[] = [{ method: 'GET', bytes: Buffer.from(example, 'latin1') }];
      const ours = read(example);
      const theirs = (await readUndici(sent, []))[0]!;
      const ends = ({ status, end }: Outcome) => ({ status, end });
      assert.deepEqual([ends(ours), ends(theirs)], [found, expected]);
      assert.ok(explains({ text: example, ours, theirs }));
    });
  }
});
