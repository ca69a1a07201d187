import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AnswerFault, type AnswerHead, type AnswerParser, createAnswerParser } from './answer-parser.ts';

type Method = Parameters<AnswerParser['expect']>[0];

type Asked = {
  readonly method?: Method;
  readonly whole?: boolean;
  /** Sent one after the other, each once the answer before it has ended. */
  readonly requests?: number;
  readonly mostBodyBytes?: number;
  readonly mostHeadBytes?: number;
  /** The connection ends after the bytes. */
  readonly closed?: boolean;
};

/** Answers as `status "body" reusable`, or `closing`, or without either while they are incomplete; and what came then. */
type Heard = { readonly answers: readonly string[]; readonly end: string };

const ok = 'HTTP/1.1 200 OK\r\n';
const hello = 'Content-Length: 5\r\n\r\nhello';
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}

function hearPieces(pieces: readonly Uint8Array[], asked: Asked): Heard {
  const { method = 'GET', whole = false, requests = 1, closed = false, mostBodyBytes = 1000, mostHeadBytes } = asked;
  const answers: string[] = [];
  let status = 0;
  let body = '';
  let toSend = requests;
  let end = 'open';
  const send = () => {
    if (toSend > 0) parser.expect(method, whole);
    toSend--;
  };
  const parser = createAnswerParser(
    {
      onHead: (head) => {
        status = head.status;
      },
      onBody: (bytes, start, to) => {
        assert.ok(to > start);
        body += textOf(bytes, start, to);
      },
      onEnd: (reusable) => {
        answers.push(`${status} "${body}" ${reusable ? 'reusable' : 'closing'}`);
        status = 0;
        body = '';
        send();
      },
    },
    { mostBodyBytes, ...(mostHeadBytes && { mostHeadBytes }) },
  );
  let unread = '';
  const feed = (piece: Uint8Array) => {
    // Other bytes beside it are none of the parser's business, and its own are overwritten afterwards.
    const chunk = new Uint8Array(piece.length + 2).fill(0x0a);
    chunk.set(piece, 1);
    const after = parser.feed(chunk, 1, 1 + piece.length);
    unread += textOf(chunk, after, 1 + piece.length);
    chunk.fill(0x0a);
  };
  send();
  try {
    for (const piece of pieces) feed(piece);
    if (closed) end = parser.finish() ? 'finished' : 'closed';
  } catch (error) {
    assert.ok(error instanceof AnswerFault, String(error));
    end = error.message;
  }
  if (parser.isUpgraded()) end = `upgraded, then "${unread}"`;
  if (status > 0) answers.push(`${status} "${body}"`);
  return { answers, end };
}

/** The same must come of one chunk and of single bytes. */
function hear(text: string, asked: Asked = {}): Heard {
  const bytes = bytesOf(text);
  const heard = hearPieces([bytes], asked);
  const single = hearPieces(
    [...bytes].map((byte) => Uint8Array.of(byte)),
    asked,
  );
  // Of a wrong status line, as much is cited as is there.
  const uncited = ({ answers, end }: Heard) => ({ answers, end: end.replace(/".*"$/s, '""') });
  assert.deepEqual(uncited(single), uncited(heard));
  return heard;
}

function isAnswered(text: string, answer: string, asked: Asked = {}): void {
  assert.deepEqual(hear(text, asked), { answers: [answer], end: asked.closed ? 'finished' : 'open' }, text);
}

function isRefused(text: string, end: string, answers: readonly string[] = [], asked: Asked = {}): void {
  assert.deepEqual(hear(text, asked), { answers, end }, text);
}

const answeredHello = '200 "hello" reusable';

describe('status lines (RFC 9112, 4)', () => {
  test('any reason phrase, or none, with or without the space before it', () => {
    for (const reason of [' OK', ' ', '', ' \t odd  reason ', ' \x01\xe4\x7f\0']) {
      isAnswered(`HTTP/1.1 200${reason}\r\n${hello}`, answeredHello);
    }
  });

  test('any status of three digits from 100', () => {
    for (const status of [200, 201, 299, 404, 503, 600, 999]) {
      isAnswered(`HTTP/1.1 ${status} x\r\n${hello}`, `${status} "hello" reusable`);
    }
  });

  for (const [line, cited, what] of [
    ['SSH-2.0-OpenSSH_9.6\r\n', 'SSH-2.0-OpenSSH_9.6..', 'no HTTP'],
    ['\x15\x03\x03\x00\x02\x02\x28', '......(', 'no HTTP'],
    ['http/1.1 200 OK\r\n', 'http/1.1 200 OK..', 'no HTTP'],
    ['HTTP 200 OK\r\n', 'HTTP 200 OK..', 'no HTTP'],
    [`<!doctype html>${'x'.repeat(100)}`, `<!doctype html>${'x'.repeat(25)}`, 'no HTTP'],
    ['HTTP/2.0 200 OK\r\n', 'HTTP/2.0 200 OK..', 'neither HTTP/1.0 nor HTTP/1.1'],
    ['HTTP/0.9 200 OK\r\n', 'HTTP/0.9 200 OK..', 'neither HTTP/1.0 nor HTTP/1.1'],
    ['HTTP/1.2 200 OK\r\n', 'HTTP/1.2 200 OK..', 'neither HTTP/1.0 nor HTTP/1.1'],
    ['HTTP/1.1\r\n', 'HTTP/1.1..', 'neither HTTP/1.0 nor HTTP/1.1'],
    ['HTTP/1.10 200 OK\r\n', 'HTTP/1.10 200 OK..', 'neither HTTP/1.0 nor HTTP/1.1'],
    ['HTTP/1.1  200 OK\r\n', 'HTTP/1.1  200 OK..', 'no status from 100 to 999'],
    ['HTTP/1.1 20 OK\r\n', 'HTTP/1.1 20 OK..', 'no status from 100 to 999'],
    ['HTTP/1.1 099 OK\r\n', 'HTTP/1.1 099 OK..', 'no status from 100 to 999'],
    ['HTTP/1.1 2000 OK\r\n', 'HTTP/1.1 2000 OK..', 'no status from 100 to 999'],
    ['HTTP/1.1 200OK\r\n', 'HTTP/1.1 200OK..', 'no status from 100 to 999'],
  ] as const) {
    test(`${JSON.stringify(line)} is refused`, () => isRefused(line, `answered with ${what}: "${cited}"`));
  }

  test('what is no HTTP is refused at its first wrong byte, before a line ends', () => {
    isRefused('S', 'answered with no HTTP: "S"');
  });
});

describe('line ends (RFC 9112, 2.2)', () => {
  test('a few empty lines before an answer are skipped', () => {
    for (const lines of ['\r\n', '\n', '\r\n\r\n\n']) isAnswered(`${lines}${ok}${hello}`, answeredHello);
    const four = '\r\n'.repeat(4);
    isAnswered(`${four}HTTP/1.1 103\r\n\r\n${four}${ok}${hello}${four}`, answeredHello);
    isRefused(`${four}\n${ok}${hello}`, 'answered with too many empty lines');
  });

  test('also between two answers, and after the last', () => {
    const twice = { requests: 2 };
    const answer = `${ok}${hello}\r\n`;
    assert.deepEqual(hear(answer.repeat(2), twice), { answers: [answeredHello, answeredHello], end: 'open' });
  });

  test('a bare LF is refused, as in Node.js', () => {
    isRefused(`HTTP/1.1 200 OK\n${hello}`, 'answered with the byte 0x0a in a status line');
    isRefused(
      `HTTP/1.1 200\n${hello}`,
      'answered with no status from 100 to 999: "HTTP/1.1 200.Content-Length: 5....hello"',
    );
    isRefused(`${ok}a: b\n${hello}`, 'answered with the byte 0x0a in the value of a header');
    isRefused(`${ok}Content-Length: 5\r\n\nhello`, 'answered with the byte 0x0a at the start of a header line');
    isRefused(`${chunked}5\nhello`, 'answered with a chunk size that is no hexadecimal number', ['200 ""']);
    isRefused(`${chunked}5;a\nhello`, 'answered with a control character in a chunk extension', ['200 ""']);
    for (const end of ['\n0', '\n\n0']) {
      isRefused(`${chunked}5\r\nhello${end}`, 'answered with a chunk longer than its size', ['200 "hello"']);
    }
  });

  test('a CR without LF is refused', () => {
    const wrong = 'answered with the byte 0x78 after CR, where LF belongs';
    isRefused('HTTP/1.1 200 O\rx', wrong);
    isRefused('HTTP/1.1 200\rx', wrong);
    isRefused(`${ok}a: b\rx`, wrong);
    isRefused(`${ok}\rx`, wrong);
    isRefused(`${chunked}5\rx`, 'answered with a chunk size that CR follows, and not LF', ['200 ""']);
    isRefused(`${chunked}5\r\nhello\rx`, 'answered with a chunk longer than its size', ['200 "hello"']);
  });
});

describe('header lines (RFC 9112, 5)', () => {
  test('names in any case, values with or without blanks around them (5.1)', () => {
    for (const line of ['content-length:5', 'CONTENT-LENGTH: 5', 'cOnTeNt-LeNgTh: \t 5 \t ']) {
      isAnswered(`${ok}${line}\r\n\r\nhello`, answeredHello);
    }
  });

  test('every token character is right in a name, every other byte is wrong', () => {
    const tokens = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    for (let byte = 0; byte < 256; byte++) {
      const letter = String.fromCharCode(byte);
      const text = `${ok}x${letter}x: 1\r\n${hello}`;
      if (tokens.includes(letter)) isAnswered(text, answeredHello);
      else if (letter !== ':') isRefused(text, `answered with the byte 0x${hex(byte)} in the name of a header`);
    }
  });

  test('a blank before the colon is refused, and so is a line without one or without a name (5.1)', () => {
    isRefused(`${ok}Content-Length : 5\r\n\r\n`, 'answered with the byte 0x20 in the name of a header');
    isRefused(`${ok}abc\r\n\r\n`, 'answered with the byte 0x0d in the name of a header');
    isRefused(`${ok}: b\r\n\r\n`, 'answered with the byte 0x3a at the start of a header line');
  });

  test('a line that goes on in the next one is refused, as in Node.js (5.2)', () => {
    for (const [blank, byte] of [
      [' ', '20'],
      ['\t', '09'],
    ]) {
      isRefused(`${ok}a: b\r\n${blank}c\r\n\r\n`, `answered with the byte 0x${byte} at the start of a header line`);
      isRefused(`${ok}${blank}a: b\r\n\r\n`, `answered with the byte 0x${byte} at the start of a header line`);
    }
  });

  test('control characters but tab are wrong in a value (RFC 9110, 5.5)', () => {
    for (let byte = 0; byte < 256; byte++) {
      const text = `${ok}a: x${String.fromCharCode(byte)}x\r\n${hello}`;
      if (byte === 0x0d) isRefused(text, 'answered with the byte 0x78 after CR, where LF belongs');
      else if ((byte < 0x20 && byte !== 9) || byte === 0x7f) {
        isRefused(text, `answered with the byte 0x${hex(byte)} in the value of a header`);
      } else isAnswered(text, answeredHello);
    }
  });

  test('a name that only begins like another, ends like it or has its length is another one', () => {
    for (const name of ['Content-Lengt', 'Content-Lengths', 'Content-Lengti', 'xontent-Length', 'Content_Length']) {
      isAnswered(`${ok}${name}: 3\r\n${hello}`, answeredHello);
    }
  });
});

describe('which body an answer has (RFC 9112, 6.3)', () => {
  test('none with 204 and 304, and none to HEAD, whatever the headers promise', () => {
    for (const framing of [
      '',
      'Content-Length: 5\r\n',
      'Transfer-Encoding: chunked\r\n',
      'Transfer-Encoding: gzip\r\n',
    ]) {
      for (const status of [204, 304]) {
        isAnswered(`HTTP/1.1 ${status} x\r\n${framing}\r\n`, `${status} "" reusable`);
      }
      isAnswered(`${ok}${framing}\r\n`, '200 "" reusable', { method: 'HEAD' });
    }
  });

  test('to HEAD a Content-Length beyond the limit is nothing to refuse', () => {
    isAnswered(`${ok}Content-Length: 1001\r\n\r\n`, '200 "" reusable', { method: 'HEAD', whole: true });
  });

  test('205 has what its headers say', () => {
    isAnswered('HTTP/1.1 205 x\r\nContent-Length: 0\r\n\r\n', '205 "" reusable');
  });

  test('Content-Length in decimal digits', () => {
    isAnswered(`${ok}Content-Length: 0\r\n\r\n`, '200 "" reusable');
    isAnswered(`${ok}Content-Length: ${'0'.repeat(30)}5\r\n\r\nhello`, answeredHello);
    for (const value of [
      '',
      '+5',
      '-5',
      '5.0',
      '0x5',
      '5 5',
      '5,5',
      '5, 5',
      'five',
      '5:',
      '5/',
      '9007199254740992',
      '9'.repeat(30),
    ]) {
      isRefused(`${ok}Content-Length: ${value}\r\n\r\nhello`, `answered with Content-Length "${value}"`);
    }
  });

  test('Content-Length twice is refused, as in Node.js, even if both are equal', () => {
    for (const second of ['5', '6']) {
      isRefused(`${ok}Content-Length: ${second}\r\n${hello}`, 'answered with Content-Length twice');
    }
  });

  test('Content-Length with Transfer-Encoding is refused: one of both is a smuggler (6.1)', () => {
    const both = 'answered with both Content-Length and Transfer-Encoding';
    isRefused(`${ok}Transfer-Encoding: chunked\r\n${hello}`, both);
    isRefused(`${ok}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`, both);
  });

  test('a transfer coding that no request asks for is refused (7.4)', () => {
    for (const line of [
      'gzip',
      'gzip, chunked',
      'chunked, gzip',
      'chunked, chunked',
      'chunked;a=b',
      'identity',
      '',
      ',',
    ]) {
      isRefused(
        `${ok}Transfer-Encoding: ${line}\r\n\r\n0\r\n\r\n`,
        'answered with another transfer coding than chunked',
      );
    }
    for (const [first, second] of [
      ['gzip', 'chunked'],
      ['chunked', 'gzip'],
      ['chunked', 'chunked'],
    ]) {
      isRefused(
        `${ok}Transfer-Encoding: ${first}\r\nTransfer-Encoding: ${second}\r\n\r\n0\r\n\r\n`,
        'answered with another transfer coding than chunked',
      );
    }
  });

  test('without either header it lasts until the connection ends', () => {
    for (const whole of [false, true]) {
      isAnswered(`${ok}\r\nhello`, '200 "hello" closing', { closed: true, whole });
      isAnswered(`${ok}\r\n`, '200 "" closing', { closed: true, whole });
    }
  });

  test('an end of the connection ends no other answer (8)', () => {
    for (const [text, answers] of [
      ['', []],
      [ok, []],
      [`${ok}Content-Length: 5\r\n\r\nhell`, ['200 "hell"']],
      [`${chunked}5\r\nhello\r\n`, ['200 "hello"']],
      [`${chunked}5\r\nhello\r\n0\r\n`, ['200 "hello"']],
      [`${ok}${hello}`, [answeredHello]],
    ] as const) {
      assert.deepEqual(hear(text, { closed: true }), { answers, end: 'closed' });
    }
  });
});

describe('chunks (RFC 9112, 7.1)', () => {
  const end = '\r\n0\r\n\r\n';

  test('sizes in hexadecimal digits of either case', () => {
    isAnswered(`${chunked}A\r\n0123456789\r\nb\r\n0123456789x${end}`, '200 "01234567890123456789x" reusable');
    isAnswered(`${chunked}0\r\n\r\n`, '200 "" reusable');
    isAnswered(`${chunked}${'0'.repeat(30)}5\r\nhello\r\n000\r\n\r\n`, answeredHello);
    for (const coding of ['Chunked', 'CHUNKED', ' , chunked ,, ']) {
      isAnswered(`${ok}Transfer-Encoding: ${coding}\r\n\r\n5\r\nhello${end}`, answeredHello);
    }
  });

  test('all hexadecimal digits count, and nothing else does', () => {
    for (let byte = 0; byte < 256; byte++) {
      const letter = String.fromCharCode(byte);
      const size = /[0-9a-f]/i.test(letter) ? Number.parseInt(`1${letter}`, 16) : undefined;
      if (size !== undefined) {
        isAnswered(`${chunked}1${letter}\r\n${'x'.repeat(size)}${end}`, `200 "${'x'.repeat(size)}" reusable`);
      } else if (!'\r; \t'.includes(letter)) {
        isRefused(`${chunked}1${letter}`, 'answered with a chunk size that is no hexadecimal number', ['200 ""']);
      }
    }
  });

  test('wrong sizes are refused', () => {
    for (const line of ['', ';a', ' 5', 'g', '-5', '+5', 'x5']) {
      isRefused(`${chunked}${line}\r\n`, 'answered with a chunk without a size', ['200 ""']);
    }
    for (const line of ['5 ', '5 5', '0x5', '5_000', '5 x']) {
      isRefused(`${chunked}${line}\r\n`, 'answered with a chunk size that is no hexadecimal number', ['200 ""']);
    }
    for (const line of ['20000000000000', 'fffffffffffffffff', 'f'.repeat(500)]) {
      isRefused(`${chunked}${line}\r\n`, 'answered with a chunk too large to count', ['200 ""']);
    }
  });

  test('a chunk has to be as long as its size says', () => {
    isRefused(`${chunked}5\r\nhelloX`, 'answered with a chunk longer than its size', ['200 "hello"']);
    isRefused(`${chunked}5\r\nhello0\r\n\r\n`, 'answered with a chunk longer than its size', ['200 "hello"']);
  });

  test('a size that no CRLF follows is refused, even if its data and their end are in the right place', () => {
    for (const [line, why] of [
      ['5xy', 'answered with a chunk size that is no hexadecimal number'],
      ['5\n\n', 'answered with a chunk size that is no hexadecimal number'],
      ['5x\n', 'answered with a chunk size that is no hexadecimal number'],
      ['5\r\r', 'answered with a chunk size that CR follows, and not LF'],
    ] as const) {
      isRefused(`${chunked}${line}hello${end}`, why, ['200 ""']);
      isRefused(`${chunked}5\r\nhello\r\n${line}hello${end}`, why, ['200 "hello"']);
    }
    // Here the extension goes on up to the end of the data.
    isAnswered(`${chunked}5;ahello\r\nHELLO${end}`, '200 "HELLO" reusable');
  });

  test('extensions are ignored (7.1.1)', () => {
    for (const extension of [';a', ';a=b', '; a = "q; \\"\xe4" ;c', ' ;a', '\t \t;', ';;']) {
      isAnswered(`${chunked}5${extension}\r\nhello\r\n0${extension}\r\n\r\n`, answeredHello);
    }
    isRefused(`${chunked}5;a\0\r\n`, 'answered with a control character in a chunk extension', ['200 ""']);
  });

  test('a size and its extensions have at most 16 KiB, each chunk anew', () => {
    const longest = `5;${'x'.repeat(16 * 1024 - 4)}\r\n`;
    isAnswered(`${chunked}${longest}hello${end}`, answeredHello);
    isRefused(`${chunked}5;x${longest.slice(2)}hello${end}`, 'answered with a chunk size in more than 16384 bytes', [
      '200 ""',
    ]);
    isAnswered(`${chunked}${`1;${'x'.repeat(10_000)}\r\nx\r\n`.repeat(3)}0\r\n\r\n`, '200 "xxx" reusable');
  });

  test('so has one after a whole chunk, whose CRLF counts', () => {
    const longest = `1;${'x'.repeat(16 * 1024 - 6)}\r\n`;
    isAnswered(`${chunked}1\r\nx\r\n${longest}x${end}`, '200 "xx" reusable');
    isRefused(
      `${chunked}1\r\nx\r\n1;x${longest.slice(2)}x${end}`,
      'answered with a chunk size in more than 16384 bytes',
      ['200 "x"'],
    );
  });

  test('cut anywhere, and without regard for what lies behind the bytes fed', () => {
    const body = 'x'.repeat(0x12);
    const text = bytesOf(`${chunked}5\r\nhello\r\n12\r\n${body}\r\n00000001\r\ny\r\n000000001\r\nz\r\n1;a\r\nw${end}`);
    for (let cut = 0; cut < text.length; cut++) {
      let found = '';
      const parser = createAnswerParser(
        {
          onHead: () => {},
          onBody: (bytes, start, to) => {
            assert.ok(to <= fed, 'only what was fed is passed on');
            found += textOf(bytes, start, to);
          },
          onEnd: () => {
            found += '.';
          },
        },
        { mostBodyBytes: 0 },
      );
      parser.expect('GET', false);
      let fed = cut;
      assert.equal(parser.feed(text, 0, cut), cut);
      assert.ok(!found.endsWith('.'), `${cut}`);
      fed = text.length;
      assert.equal(parser.feed(text, cut, text.length), text.length);
      assert.equal(found, `hello${body}yzw.`, `${cut}`);
    }
  });

  test('sizes of eight digits and more', () => {
    for (const size of ['ffffffff', '80000000', '100000000', '1fffffffffffff']) {
      assert.deepEqual(hear(`${chunked}${size}\r\nhello`), { answers: ['200 "hello"'], end: 'open' });
    }
  });

  test('trailers are checked and otherwise ignored (7.1.2)', () => {
    for (const trailer of ['a: b\r\n', 'a: b\r\nc:\r\n', 'Content-Length: 7\r\n', 'Connection: close\r\n']) {
      isAnswered(`${chunked}5\r\nhello\r\n0\r\n${trailer}\r\n`, answeredHello);
    }
    const said = ['200 "hello"'];
    const [end, limit] = [`${chunked}5\r\nhello\r\n0\r\n`, { mostHeadBytes: 100 }];
    isRefused(`${end}a b\r\n\r\n`, 'answered with the byte 0x20 in the name of a header', said);
    isRefused(`${end}a: b\r\n c\r\n\r\n`, 'answered with the byte 0x20 at the start of a header line', said);
    isAnswered(`${end}a: ${'x'.repeat(93)}\r\n\r\n`, answeredHello, limit);
    isRefused(
      `${end}a: ${'x'.repeat(94)}\r\n\r\n`,
      'answered with a trailer section of more than 100 bytes',
      said,
      limit,
    );
  });

  test('a trailer section follows another answer with headers of its own', () => {
    const answer = `${chunked}1\r\nx\r\n0\r\na: b\r\n\r\n`;
    assert.deepEqual(hear(`${answer}${ok}${hello}${answer}`, { requests: 3 }).answers, [
      '200 "x" reusable',
      answeredHello,
      '200 "x" reusable',
    ]);
  });
});

describe('whether a connection may be used again (RFC 9112, 9.3)', () => {
  for (const [version, line, reusable] of [
    ['1.1', '', true],
    ['1.1', 'Connection: keep-alive\r\n', true],
    ['1.1', 'Connection: close\r\n', false],
    ['1.1', 'Connection: CLOSE\r\n', false],
    ['1.1', 'Connection: x , close,\r\n', false],
    ['1.1', 'Connection: x\r\nConnection: close\r\n', false],
    ['1.1', 'Connection: close, keep-alive\r\n', false],
    ['1.1', 'Connection: closed, x close, clos\r\n', true],
    ['1.1', 'Connexion: close\r\n', true],
    ['1.0', '', false],
    ['1.0', 'Connection: keep-alive\r\n', true],
    ['1.0', 'Connection: x,Keep-Alive\r\n', true],
    ['1.0', 'Connection: keep-alive, close\r\n', false],
  ] as const) {
    test(`HTTP/${version} ${JSON.stringify(line)}: ${reusable}`, () => {
      isAnswered(`HTTP/${version} 200 OK\r\n${line}${hello}`, `200 "hello" ${reusable ? 'reusable' : 'closing'}`);
    });
  }

  test('not after chunks in HTTP/1.0, whose framing an older hop may have missed (6.1)', () => {
    isAnswered(
      'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '200 "" closing',
    );
  });

  test('what one answer said does not count for the next', () => {
    const first = `HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Encoding: gzip\r\n${hello}`;
    assert.deepEqual(hear(`${first}HTTP/1.0 200 OK\r\n${hello}`, { requests: 2 }).answers, [
      answeredHello,
      '200 "hello" closing',
    ]);
    assert.deepEqual(hear(`${chunked}0\r\n\r\n${ok}${hello}`, { requests: 2 }).answers, [
      '200 "" reusable',
      answeredHello,
    ]);
  });

  test('bytes that no request asked for are a fault', () => {
    isRefused(`${ok}${hello}H`, 'answered without a request', [answeredHello]);
    isRefused('H', 'answered without a request', [], { requests: 0 });
  });

  test('so are bytes after the last answer of a connection, even if a request follows (9.6)', () => {
    const closing = `${ok}Connection: close\r\n${hello}`;
    isRefused(`${closing}${ok}${hello}`, 'answered without a request', ['200 "hello" closing'], { requests: 2 });
    isAnswered(`${closing}\r\n`, '200 "hello" closing');
  });
});

describe('interim answers (RFC 9110, 15.2)', () => {
  test('are skipped, whatever they say', () => {
    const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nConnection: close\r\nContent-Length: 7\r\n\r\n';
    isAnswered(`HTTP/1.1 100 Continue\r\n\r\n${hints}${hints}\r\nHTTP/1.1 199\r\n\r\n${ok}${hello}`, answeredHello);
    isAnswered(`HTTP/1.1 103 x\r\nTransfer-Encoding: chunked\r\n\r\n${ok}${hello}`, answeredHello);
  });

  test('share the limit of a head', () => {
    const [limit, interim] = [{ mostHeadBytes: 100 }, 'HTTP/1.1 100\r\n\r\n'];
    const head = (bytes: number) => `${ok}Content-Length: 0\r\na: ${'x'.repeat(bytes - 43)}\r\n\r\n`;
    assert.deepEqual([interim.length, head(84).length], [16, 84]);
    const tooLong = 'answered with a header section of more than 100 bytes';
    isAnswered(`${interim}${head(84)}`, '200 "" reusable', limit);
    isRefused(`${interim}${head(85)}`, tooLong, [], limit);
    isRefused(interim.repeat(7), tooLong, [], limit);
    isRefused(`${interim.repeat(6)}HTTP`, tooLong, [], limit);
    const answers = ['200 "" reusable', '200 "" reusable'];
    const [twice, both] = [`${interim}${head(84)}`.repeat(2), { ...limit, requests: 2 }];
    assert.deepEqual(hear(twice, both), { answers, end: 'open' }, 'each request anew');
  });
});

describe('the end of HTTP', () => {
  test('101 leaves the rest of its chunk to the next protocol (RFC 9110, 15.2.2)', () => {
    for (const headers of ['Connection: upgrade\r\nUpgrade: websocket\r\n', '', 'Content-Length: 5\r\n']) {
      assert.deepEqual(hear(`HTTP/1.1 101 x\r\n${headers}\r\n\x81\x01a`), {
        answers: ['101 ""'],
        end: 'upgraded, then "\x81\x01a"',
      });
    }
  });

  test('so does a 2xx to CONNECT, whose Content-Length means nothing (RFC 9110, 9.3.6)', () => {
    assert.deepEqual(hear(`HTTP/1.1 299 x\r\n${hello}`, { method: 'CONNECT' }), {
      answers: ['299 ""'],
      end: 'upgraded, then "hello"',
    });
    isAnswered(`HTTP/1.1 407 x\r\n${hello}`, '407 "hello" reusable', { method: 'CONNECT' });
  });

  test('a 2xx to another request is an answer, with Upgrade too', () => {
    isAnswered(`${ok}Connection: upgrade\r\nUpgrade: websocket\r\n${hello}`, answeredHello);
  });
});

describe('limits', () => {
  test('a head has 64 KiB at most, unless told otherwise', () => {
    const head = (bytes: number) => `${ok}a: ${'x'.repeat(bytes - 43)}\r\nContent-Length: 0\r\n\r\n`;
    isAnswered(head(65_536), '200 "" reusable');
    isRefused(head(65_537), 'answered with a header section of more than 65536 bytes');
    isAnswered(head(200), '200 "" reusable', { mostHeadBytes: 200 });
    isRefused(head(201), 'answered with a header section of more than 200 bytes', [], { mostHeadBytes: 200 });
  });

  test('a whole body has mostBodyBytes at most, and a larger one is refused before its bytes come', () => {
    const whole = { whole: true, mostBodyBytes: 5 };
    const tooLarge = 'answered with more than 5 bytes';
    isAnswered(`${ok}${hello}`, answeredHello, whole);
    isRefused(`${ok}Content-Length: 6\r\n\r\n`, tooLarge, [], whole);
    isAnswered(`${chunked}3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n`, answeredHello, whole);
    isRefused(`${chunked}6\r\n`, tooLarge, ['200 ""'], whole);
    isRefused(`${chunked}3\r\nhel\r\n3\r\n`, tooLarge, ['200 ""'], whole);
    isRefused(`${ok}\r\nhello!`, tooLarge, ['200 ""'], { ...whole, closed: true });
  });

  test('a body that is passed on in pieces may be endless', () => {
    for (const body of [`Content-Length: 1001\r\n\r\n`, `\r\n`, `Transfer-Encoding: chunked\r\n\r\n3e9\r\n`]) {
      assert.deepEqual(hear(`${ok}${body}${'x'.repeat(1001)}`).end, 'open');
    }
  });

  test('nothing is allocated for bytes that are only promised', () => {
    const before = process.memoryUsage().arrayBuffers;
    const parser = createAnswerParser(
      { onHead: () => {}, onBody: () => {}, onEnd: () => {} },
      { mostBodyBytes: 4 * 1024 ** 3 },
    );
    parser.expect('GET', true);
    const bytes = bytesOf(`${ok}Content-Length: 4000000000\r\n\r\nx`);
    parser.feed(bytes, 0, bytes.length);
    assert.ok(process.memoryUsage().arrayBuffers - before < 100_000_000);
  });
});

describe('what a head tells', () => {
  /** What `read` returns in `onHead`. */
  function inHead<Read>(lines: string, read: (head: AnswerHead) => Read): Read {
    const text = bytesOf(`${ok}${lines}\r\n`);
    const found: Read[] = [];
    for (const size of [1, 7, text.length]) {
      const parser = createAnswerParser(
        { onHead: (head) => found.push(read(head)), onBody: () => {}, onEnd: () => {} },
        { mostBodyBytes: 0 },
      );
      parser.expect('GET', false);
      for (let i = 0; i < text.length; i += size) parser.feed(text, i, Math.min(i + size, text.length));
    }
    assert.equal(found.length, 3);
    assert.deepEqual([found[0], found[1]], [found[2], found[2]]);
    return found[0]!;
  }

  test('Content-Encoding, repeated ones joined', () => {
    for (const [lines, value] of [
      ['', undefined],
      ['Content-Encoding: gzip\r\n', 'gzip'],
      ['CONTENT-ENCODING:br \t\r\n', 'br'],
      ['Content-Encoding: deflate\r\na: b\r\ncontent-encoding: gzip, br\r\n', 'deflate, gzip, br'],
      ['Content-Encoding:\r\n', ''],
      ['X-Content-Encoding: gzip\r\nContent-Encodin: x\r\nContent-Encodings: y\r\n', undefined],
    ] as const) {
      assert.equal(
        inHead(lines, ({ contentEncoding }) => contentEncoding),
        value,
      );
    }
  });

  test('any header by its lower-case name, bytes as Latin-1', () => {
    const lines = 'A_b: 1\r\nSet-Cookie: x=1; y\r\nempty: \r\nset-cookie:\tz \xe4\t\r\nX: y: z\r\n';
    const values = inHead(lines, ({ header }) =>
      ['a_b', 'set-cookie', 'empty', 'x', 'y', 'http/1.1 200 ok'].map(header),
    );
    assert.deepEqual(values, ['1', 'x=1; y, z \xe4', '', 'y: z', undefined, undefined]);
  });

  test('one object for all, without headers outside onHead', () => {
    const heads: AnswerHead[] = [];
    const outside: unknown[] = [];
    const look = () => outside.push(heads[0]?.header('a'));
    const parser = createAnswerParser(
      { onHead: (head) => heads.push(head), onBody: look, onEnd: look },
      { mostBodyBytes: 10 },
    );
    for (let i = 0; i < 2; i++) {
      parser.expect('GET', false);
      const text = bytesOf(
        `${ok}a: head\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\na: b\r\na: trailer\r\n\r\n`,
      );
      parser.feed(text, 0, text.length);
    }
    assert.equal(heads[0], heads[1]);
    parser.expect('GET', false);
    const part = bytesOf(`HTTP/1.1 103\r\na: b\r\n\r\n${ok}a: b\r\na: b\r\n`);
    for (let i = 0; i < part.length; i++) {
      parser.feed(part, i, i + 1);
      look();
    }
    assert.deepEqual([...new Set(outside)], [undefined]);
  });

  const named = (name: string) =>
    bytesOf(`${ok}name: ${name}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nname: trailer\r\n\r\n`);

  test('each parser its own, also while the heads of many come at the same time', () => {
    const found: string[] = [];
    const names = Array.from({ length: 40 }, (_, i) => `n${i + 10}`);
    const parsers = names.map((name) =>
      createAnswerParser(
        { onHead: ({ header }) => found.push(`${name} ${header('name')}`), onBody: () => {}, onEnd: () => {} },
        { mostBodyBytes: 0 },
      ),
    );
    const texts = names.map(named);
    for (const parser of parsers) parser.expect('GET', false);
    for (let at = 0; at < texts[0]!.length; at++) {
      for (const [i, parser] of parsers.entries()) parser.feed(texts[i]!, at, at + 1);
    }
    assert.deepEqual(
      found,
      names.map((name) => `${name} ${name}`),
    );
  });

  for (const place of ['onHead', 'onEnd'] as const) {
    test(`its own while ${place} has another parser read`, () => {
      const found: (string | undefined)[] = [];
      const inner = createAnswerParser(
        { onHead: ({ header }) => found.push(header('name')), onBody: () => {}, onEnd: () => {} },
        { mostBodyBytes: 0 },
      );
      const readOther = () => {
        inner.expect('GET', false);
        const text = named('inner');
        assert.equal(inner.feed(text, 0, text.length), text.length);
      };
      const outer = createAnswerParser(
        {
          onHead: (head) => {
            if (place === 'onHead') readOther();
            found.push(head.header('name'));
          },
          onBody: () => {},
          onEnd: () => {
            if (place === 'onEnd') readOther();
          },
        },
        { mostBodyBytes: 0 },
      );
      const text = named('outer');
      for (let i = 0; i < 2; i++) {
        outer.expect('GET', false);
        outer.feed(text, 0, text.length);
      }
      const once = place === 'onHead' ? ['inner', 'outer'] : ['outer', 'inner'];
      assert.deepEqual(found, [...once, ...once]);
    });
  }
});

describe('how a body is passed on', () => {
  type Piece = { readonly bytes: Uint8Array; readonly text: string };

  /** Feeds each text as one chunk of its own. */
  function piecesOf(
    whole: boolean,
    texts: readonly string[],
  ): { readonly chunks: readonly Uint8Array[]; pieces: Piece[] } {
    const pieces: Piece[] = [];
    const chunks = texts.map(bytesOf);
    const parser = createAnswerParser(
      {
        onHead: () => {},
        onBody: (bytes, start, end) => pieces.push({ bytes, text: textOf(bytes, start, end) }),
        onEnd: () => {},
      },
      { mostBodyBytes: 1000 },
    );
    parser.expect('GET', whole);
    for (const chunk of chunks) parser.feed(chunk, 0, chunk.length);
    parser.finish();
    return { chunks, pieces };
  }
  const textsOf = (pieces: readonly Piece[]) => pieces.map(({ text }) => text);

  test('whole: within one chunk as a view into it', () => {
    for (const text of [`${ok}${hello}`, `${chunked}5\r\nhello\r\n0\r\n\r\n`]) {
      const { chunks, pieces } = piecesOf(true, [text]);
      assert.deepEqual(textsOf(pieces), ['hello']);
      assert.equal(pieces[0]!.bytes, chunks[0]);
    }
  });

  test('whole: across chunks once, and an empty one not at all', () => {
    for (const texts of [
      [`${ok}Content-Length: 5\r\n\r\nhe`, 'l', 'lo'],
      [ok, hello],
      [`${chunked}2\r\nhe`, '\r\n1\r\nl\r\n2\r\nlo\r\n', '0\r\n\r\n'],
      [`${chunked}5\r\nhello\r\n`, '0\r\n\r\n'],
      [`${chunked}2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n`],
      [`${ok}\r\nhe`, 'llo'],
      [`${ok}\r\nhello`],
    ]) {
      assert.deepEqual(textsOf(piecesOf(true, texts).pieces), ['hello']);
    }
    for (const text of [`${ok}Content-Length: 0\r\n\r\n`, `${chunked}0\r\n\r\n`, `${ok}\r\n`]) {
      assert.deepEqual(piecesOf(true, [text]).pieces, []);
    }
  });

  test('otherwise each piece at once, as a view into its chunk', () => {
    for (const [texts, expected] of [
      [
        [`${ok}Content-Length: 5\r\n\r\nhe`, 'llo'],
        ['he', 'llo'],
      ],
      [
        [`${chunked}2\r\nhe\r\n3\r\nll`, 'o\r\n0\r\n\r\n'],
        ['he', 'll', 'o'],
      ],
      [
        [`${ok}\r\nhe`, 'llo'],
        ['he', 'llo'],
      ],
    ] as const) {
      const { chunks, pieces } = piecesOf(false, texts);
      assert.deepEqual(textsOf(pieces), expected);
      assert.ok(pieces.every(({ bytes }) => chunks.includes(bytes)));
    }
  });

  test('a whole body keeps its bytes when chunks share one buffer, and stays until onEnd has returned', () => {
    const body = 'x'.repeat(70_000);
    const buffer = new Uint8Array(1000);
    const ends: string[] = [];
    let view = (): string => '';
    const parser = createAnswerParser(
      {
        onHead: () => {},
        onBody: (bytes, start, end) => {
          view = () => Buffer.from(bytes.subarray(start, end)).toString('latin1');
        },
        onEnd: () => {
          parser.expect('GET', true);
          ends.push(view());
        },
      },
      { mostBodyBytes: 100_000 },
    );
    parser.expect('GET', true);
    const text = bytesOf(`${ok}Content-Length: 70000\r\n\r\n${body}${ok}${hello}`);
    for (let i = 0; i < text.length; i += buffer.length) {
      const piece = text.subarray(i, i + buffer.length);
      buffer.fill(0);
      buffer.set(piece);
      parser.feed(buffer, 0, piece.length);
    }
    assert.deepEqual(ends, [body, 'hello']);
  });

  test('whole: each parser its own, also if many come in pieces at the same time', () => {
    const bodies: string[] = [];
    const parsers = Array.from({ length: 40 }, () =>
      createAnswerParser(
        { onHead: () => {}, onBody: (bytes, start, end) => bodies.push(textOf(bytes, start, end)), onEnd: () => {} },
        { mostBodyBytes: 1000 },
      ),
    );
    for (let round = 0; round < 2; round++) {
      const texts = parsers.map((_, i) => bytesOf(`${ok}Content-Length: 5\r\n\r\n${round}${i + 10}!!`));
      for (const parser of parsers) parser.expect('GET', true);
      for (let at = 0; at < texts[0]!.length; at++) {
        for (const [i, parser] of parsers.entries()) parser.feed(texts[i]!, at, at + 1);
      }
    }
    const expected = (round: number) => parsers.map((_, i) => `${round}${i + 10}!!`);
    assert.deepEqual(bodies, [...expected(0), ...expected(1)]);
  });

  test('whole: unchanged until onEnd has returned, though another parser collects one meanwhile', () => {
    const pieces = ['Content-Length: 5\r\n\r\nhe', 'llo'];
    const other = () => {
      const parser = createAnswerParser({ onHead: () => {}, onBody: () => {}, onEnd: () => {} }, { mostBodyBytes: 5 });
      parser.expect('GET', true);
      for (const piece of [ok, 'Content-Length: 5\r\n\r\nxx', 'xxx']) parser.feed(bytesOf(piece), 0, piece.length);
    };
    let read = () => '';
    const ends: string[] = [];
    const parser = createAnswerParser(
      {
        onHead: other,
        onBody: (bytes, start, end) => {
          read = () => textOf(bytes, start, end);
          other();
        },
        onEnd: () => {
          other();
          ends.push(read());
        },
      },
      { mostBodyBytes: 5 },
    );
    parser.expect('GET', true);
    for (const piece of [ok, ...pieces]) parser.feed(bytesOf(piece), 0, piece.length);
    assert.deepEqual(ends, ['hello']);
  });

  test('the next answer may be asked for in another way', () => {
    const pieces: string[] = [];
    let asked = 0;
    const parser: AnswerParser = createAnswerParser(
      {
        onHead: () => {},
        onBody: (bytes, start, end) => pieces.push(textOf(bytes, start, end)),
        onEnd: () => {
          asked++;
          if (asked < 3) parser.expect('GET', asked % 2 === 0);
        },
      },
      { mostBodyBytes: 1000 },
    );
    parser.expect('GET', true);
    const text = bytesOf(`${chunked}2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n`.repeat(3));
    parser.feed(text, 0, text.length);
    assert.deepEqual(pieces, ['hello', 'he', 'llo', 'hello']);
  });
});

describe('handlers', () => {
  const places = ['onHead', 'onBody', 'onEnd'] as const;
  const text = bytesOf(`${ok}${hello}${ok}${hello}`);

  /** What is called if `act` happens in the handler at `place`, and where reading ended. */
  function called(place: string, whole: boolean, act: (parser: AnswerParser) => void): readonly (string | number)[] {
    const calls: (string | number)[] = [];
    const note = (name: string) => {
      calls.push(name);
      if (name === place) act(parser);
    };
    const parser = createAnswerParser(
      {
        onHead: () => note('onHead'),
        onBody: () => note('onBody'),
        onEnd: () => {
          parser.expect('GET', whole);
          note('onEnd');
        },
      },
      { mostBodyBytes: 1000 },
    );
    parser.expect('GET', whole);
    try {
      calls.push(parser.feed(text, 0, text.length));
    } catch (error) {
      calls.push((error as Error).message);
    }
    assert.equal(parser.feed(text, 0, text.length), 0, 'nothing more is read');
    assert.equal(parser.finish(), false);
    parser.expect('GET', whole);
    return calls;
  }

  for (const [i, place] of places.entries()) {
    test(`stop in ${place} ends it all`, () => {
      for (const whole of [true, false]) {
        const after = place === 'onHead' ? text.length / 2 - 5 : text.length / 2;
        const calls = called(place, whole, (parser) => parser.stop());
        assert.deepEqual(calls, [...places.slice(0, i + 1), after]);
      }
    });

    test(`what ${place} throws comes out of feed, and ends it all`, () => {
      const fail = () => {
        throw new Error('oh');
      };
      for (const whole of [true, false]) {
        assert.deepEqual(called(place, whole, fail), [...places.slice(0, i + 1), 'oh']);
      }
    });
  }

  test('a 101 that onHead refuses is no upgrade', () => {
    for (const act of ['stop', 'throw']) {
      const parser: AnswerParser = createAnswerParser(
        {
          onHead: () => {
            if (act === 'throw') throw new AnswerFault('no');
            parser.stop();
          },
          onBody: () => {},
          onEnd: () => assert.fail(),
        },
        { mostBodyBytes: 0 },
      );
      parser.expect('GET', false);
      const bytes = bytesOf('HTTP/1.1 101 x\r\n\r\nmore');
      if (act === 'throw') assert.throws(() => parser.feed(bytes, 0, bytes.length), { message: 'no' });
      else assert.equal(parser.feed(bytes, 0, bytes.length), bytes.length - 4);
      assert.equal(parser.isUpgraded(), false);
    }
  });

  test('stop ends a chunk where its data ends', () => {
    const bytes = bytesOf(`${chunked}5\r\nhello\r\n5\r\nhello\r\n`);
    for (const stopAt of [1, 2]) {
      let pieces = 0;
      const parser = createAnswerParser(
        {
          onHead: () => {},
          onBody: () => {
            pieces++;
            if (pieces === stopAt) parser.stop();
          },
          onEnd: () => assert.fail(),
        },
        { mostBodyBytes: 0 },
      );
      parser.expect('GET', false);
      assert.equal(parser.feed(bytes, 0, bytes.length), bytes.length - 2 - 10 * (2 - stopAt));
      assert.equal(pieces, stopAt);
    }
  });

  test('a request before the last answer is a mistake of ours', () => {
    const parser = createAnswerParser({ onHead: () => {}, onBody: () => {}, onEnd: () => {} }, { mostBodyBytes: 0 });
    parser.expect('GET', true);
    assert.throws(() => parser.expect('GET', true), /before the last one was answered/);
  });
});

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
