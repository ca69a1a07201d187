import fc from 'fast-check';

/** The bytes that come after one request. */
export type SentAnswer = { readonly method: 'GET' | 'HEAD'; readonly bytes: Buffer };

/** What is in them. `reusable`: whether the connection may carry another request. */
type AnswerContent = { readonly status: number; readonly body: string; readonly reusable: boolean };

const oneOf = (...texts: readonly string[]) => fc.constantFrom(...texts);
const anyCase = (text: string) =>
  fc
    .bigInt(0n, 2n ** BigInt(text.length) - 1n)
    .map((upper) =>
      Array.from(text, (letter, i) => ((upper >> BigInt(i)) & 1n ? letter.toUpperCase() : letter.toLowerCase())).join(
        '',
      ),
    );

const token = fc.string({ unit: oneOf(..."!#$%&'*+-.^_`|~09AZaz"), minLength: 1, maxLength: 8 });
const fieldText = fc.string({ unit: oneOf(...'\t !"#,:;=\\09AZaz~\x80\xff'), maxLength: 20 });
const spaces = oneOf('', ' ', '  ');
const blanks = oneOf('', ' ', '\t', ' \t ');

/** llhttp takes a tab after a Content-Length for a fault, so spaces alone come after a value. */
function line(name: fc.Arbitrary<string>, value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(name, blanks, value, spaces).map(([n, before, v, behind]) => `${n}:${before}${v}${behind}\r\n`);
}

const otherName = fc.oneof(
  token.map((text) => `x${text}`),
  anyCase('content-encoding'),
);
const otherLines = fc.array(line(otherName, fieldText), { maxLength: 4 }).map((all) => all.join(''));

const body = fc.oneof(
  fc.string({ unit: oneOf(...'\r\n0;aHT\0\xff'), maxLength: 40 }),
  fc.nat(300).map((length) => 'b'.repeat(length)),
);

const extension = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  fc
    .tuple(token, oneOf('', '=a', '=""', '="a; b\\"c\t\xe4"'), token)
    .map(([name, value, second]) => `;${name}${value};${second}`),
);

function chunk(text: string): fc.Arbitrary<string> {
  const end = text ? `${text}\r\n` : '';
  return fc
    .tuple(oneOf('', '0', '000'), anyCase(text.length.toString(16)), extension)
    .map((parts) => `${parts.join('')}\r\n${end}`);
}

function chunksOf(text: string): fc.Arbitrary<string> {
  return fc.array(fc.nat(text.length), { maxLength: 4 }).chain((places) => {
    const ends = [...new Set([0, ...places, text.length])].toSorted((a, b) => a - b);
    const pieces = ends.slice(1).map((end, i) => text.slice(ends[i], end));
    return fc
      .tuple(fc.tuple(...[...pieces, ''].map(chunk)), otherLines)
      .map(([chunks, trailers]) => `${chunks.join('')}${trailers}\r\n`);
  });
}

type Framed = { readonly header: string; readonly content: string; readonly kind: 'length' | 'chunks' | 'close' };

/** All that tells where a body ends (RFC 9112, 6.3). */
function framed(text: string): fc.Arbitrary<Framed> {
  const length = oneOf('', '00').map((zeros) => `${zeros}${text.length}`);
  const lengthLine = line(anyCase('content-length'), length);
  const codingLine = line(anyCase('transfer-encoding'), anyCase('chunked'));
  return fc.oneof(
    { weight: 4, arbitrary: lengthLine.map((header): Framed => ({ header, content: text, kind: 'length' })) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(codingLine, chunksOf(text))
        .map(([header, content]): Framed => ({ header, content, kind: 'chunks' })),
    },
    { weight: 1, arbitrary: fc.constant<Framed>({ header: '', content: text, kind: 'close' }) },
  );
}

const connection = fc
  .oneof(
    { weight: 3, arbitrary: fc.constant('') },
    { weight: 2, arbitrary: oneOf('close', 'keep-alive', 'x', 'close, keep-alive', 'x , keep-alive').chain(anyCase) },
  )
  .chain((value) => (value ? line(anyCase('connection'), fc.constant(value)) : fc.constant('')));

const reason = oneOf('', ' ', ' OK', ' Not  Found', ' \xe4\x01');

/** undici takes 100 for a fault: it never asks for it. */
const interim = fc
  .tuple(fc.constantFrom(102, 103, 199), reason, otherLines)
  .map(([status, words, lines]) => `HTTP/1.1 ${status}${words}\r\n${lines}\r\n`);

const frame = fc.record({
  emptyLines: fc.array(oneOf('\r\n', '\n'), { maxLength: 2 }),
  interim: fc.array(interim, { maxLength: 2 }),
  minor: fc.constantFrom(1, 1, 1, 0),
  reason,
  before: otherLines,
  after: otherLines,
  connection,
});

/** An answer as servers and proxies may write it, and what is in it. `text`: its body in latin1. */
export function answerWith(
  method: SentAnswer['method'],
  status: number,
  text: string,
): fc.Arbitrary<SentAnswer & { readonly content: AnswerContent }> {
  return fc.tuple(frame, framed(text)).map(([head, { header, content, kind }]) => {
    const isEmpty = method === 'HEAD' || status === 204 || status === 304;
    const statusLine = `HTTP/1.${head.minor} ${status}${head.reason}\r\n`;
    const lines = `${head.before}${header}${head.connection}${head.after}\r\n`;
    const before = `${head.emptyLines.join('')}${head.interim.join('')}`;
    return {
      method,
      bytes: Buffer.from(`${before}${statusLine}${lines}${isEmpty ? '' : content}`, 'latin1'),
      content: {
        status,
        body: isEmpty ? '' : text,
        reusable:
          !/close/i.test(head.connection) &&
          (isEmpty || kind !== 'close') &&
          (head.minor === 1 || (/keep-alive/i.test(head.connection) && kind !== 'chunks')),
      },
    };
  });
}

const status = fc
  .oneof(fc.constantFrom(200, 404, 503), fc.integer({ min: 200, max: 999 }))
  .filter((code) => code !== 204 && code !== 304);

export const httpAnswer = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(status, body).chain(([code, text]) => answerWith('GET', code, text)) },
  { weight: 1, arbitrary: fc.constantFrom(204, 304).chain((code) => answerWith('GET', code, '')) },
  { weight: 1, arbitrary: fc.tuple(status, body).chain(([code, text]) => answerWith('HEAD', code, text)) },
);

type Damage = {
  readonly kind: 'set' | 'insert' | 'remove' | 'repeat' | 'end';
  readonly at: number;
  readonly piece: string;
  readonly length: number;
};

const pieces = oneOf(
  ...'\r\n\t :;,"05aG\0\x7f\xe4',
  '\r\n',
  '\r\n ',
  '\r\n\r\n',
  'HTTP/1.1 200 OK\r\n',
  'Content-Length: 5\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Connection: close\r\n',
  '0\r\n\r\n',
);

const damage = fc.record<Damage>({
  kind: fc.constantFrom('set', 'set', 'insert', 'insert', 'remove', 'repeat', 'end'),
  at: fc.oneof(fc.nat(), fc.nat(60)),
  piece: pieces,
  length: fc.integer({ min: 1, max: 12 }),
});

function damaged(bytes: Buffer, { kind, at, piece, length }: Damage): Buffer {
  const place = at % (bytes.length + 1);
  const [front, back] = [bytes.subarray(0, place), bytes.subarray(place)];
  const inserted = Buffer.from(piece, 'latin1');
  switch (kind) {
    case 'set':
      return Buffer.concat([front, inserted, back.subarray(inserted.length)]);
    case 'insert':
      return Buffer.concat([front, inserted, back]);
    case 'remove':
      return Buffer.concat([front, back.subarray(length)]);
    case 'repeat':
      return Buffer.concat([front, back.subarray(0, length), back]);
    case 'end':
      return front;
  }
}

/** An answer with up to three faults, most of which matter. */
export const damagedHttpAnswer: fc.Arbitrary<SentAnswer> = fc
  .tuple(httpAnswer, fc.array(damage, { minLength: 1, maxLength: 3 }))
  .map(([{ method, bytes }, damages]) => ({ method, bytes: damages.reduce(damaged, bytes) }));
