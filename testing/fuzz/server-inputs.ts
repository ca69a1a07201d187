import { connect } from 'node:net';
import { clockSince, newEpoch } from '../../machine/process/clock.ts';
import { defaultLimits } from '../../protocol/limits.ts';
import type { Random } from '../../scenarios/random.ts';
import { type StateNode, startNode } from '../../servers/main/node.ts';
import { hostileNumbers, hostileTexts, mutatedBytes } from './hostile.ts';
import type { Kind } from './kind.ts';

const holdMs = 300;
/** How long a peer goes on after its last byte. */
const lingersMs = 150;

const paths = [
  '/updates?channel=0',
  '/updates?channel=1&client=3&after=0',
  '/updates?channel=0&after=0&wait=200',
  '/updates?client=5',
  '/events?channel=0',
  '/events?channel=1&after=1',
  '/socket?channel=0&client=1',
];

/** HTTP requests and WebSocket frames, sent to a node over raw sockets. */
export const requestKind: Kind = {
  open: async () => {
    const node = await startNode({
      channels: 2,
      encoding: 'json',
      semantics: 'every',
      echo: true,
      heartbeatMs: 1_000,
      limits: { ...defaultLimits, holdMs },
      clock: clockSince(newEpoch()),
    });
    emit(node);
    return {
      attempt: async (random) => {
        await exchange(node.port, conversation(random), random);
        emit(node);
        return await answerFault(node.port);
      },
      close: node.close,
    };
  },
};

function emit({ context }: StateNode): void {
  context.stream.accept({ channel: 0, intendedUs: context.clock.nowUs(), payload: Buffer.from('"x"'), publisher: -1 });
}

/** Pieces that one peer sends one after the other. */
function conversation(random: Random): readonly Buffer[] {
  const request = Buffer.from(random.integer(3) === 0 ? handshake(random) : requestText(random), 'latin1');
  const frames = Array.from({ length: random.integer(5) }, () => frame(random));
  const repeated = random.integer(20) === 0 ? Array.from({ length: 300 }, () => request) : [request];
  const pieces = [...repeated, ...frames];
  return random.integer(2) === 0 ? pieces.map((piece) => mutatedBytes(piece, random)) : pieces;
}

function requestText(random: Random): string {
  const method = random.pick(['GET', 'GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'CONNECT', 'TRACE', 'get']);
  const body = random.pick(['', '[1,2,0,"x"]', '[1e99,-1,0]', '{}', '\0\0\0\x01', 'x'.repeat(random.integer(2_000))]);
  const headers = [
    'Host: a',
    ...some(random, [
      `Content-Length: ${random.pick([body.length, ...hostileNumbers])}`,
      'Transfer-Encoding: chunked',
      'Expect: 100-continue',
      'Upgrade: h2c',
      'Upgrade: websocket',
      'Connection: Upgrade, HTTP2-Settings',
      'HTTP2-Settings: AAMAAABkAAQAAP__',
      'Connection: close',
      'Accept-Encoding: gzip, br',
      `Last-Event-ID: ${random.pick(hostileTexts)}`,
      `X: ${'y'.repeat(random.integer(20_000))}`,
    ]),
  ];
  const path = random.integer(4) === 0 ? `/updates?channel=${encodeURI(safe(random))}` : random.pick(paths);
  return `${method} ${path} HTTP/1.${random.pick([0, 1, 1, 1, 9])}\r\n${headers.join('\r\n')}\r\n\r\n${body}`;
}

/** `encodeURI` refuses half of a pair of surrogates. */
function safe(random: Random): string {
  return random.pick(hostileTexts).replace(/\p{Cs}/gu, '');
}

function some(random: Random, lines: readonly string[]): readonly string[] {
  return lines.filter(() => random.integer(4) === 0);
}

function handshake(random: Random): string {
  return [
    `GET /socket?channel=0&client=${random.pick([1, 2, ...hostileNumbers])} HTTP/1.1`,
    'Host: a',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Version: ${random.pick([13, 13, 13, 8, 99])}`,
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    `Sec-WebSocket-Protocol: ${random.pick(['pvw.json', 'pvw.json', 'pvw.binary', 'x'])}`,
    'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
    '\r\n',
  ].join('\r\n');
}

/** A WebSocket frame (RFC 6455, 5.2): any flags, opcode and length, masked or not. */
function frame(random: Random): Buffer {
  const payload =
    random.integer(2) === 0
      ? Buffer.from(`[${random.pick(hostileNumbers)},0,0,"x"]`)
      : random.bytes(random.integer(200));
  const length = random.integer(8) === 0 ? random.integer(128) : payload.length;
  const first = random.pick([0x81, 0x82, 0x88, 0x89, 0x8a, 0x01, 0x00, 0xc1, random.integer(256)]);
  const isMasked = random.integer(5) > 0;
  const head =
    length < 126
      ? [first, length | (isMasked ? 0x80 : 0)]
      : [first, 126 | (isMasked ? 0x80 : 0), length >> 8, length & 255];
  const huge =
    random.integer(20) === 0 ? Buffer.from([first, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255]) : Buffer.from(head);
  // A mask of zeros leaves the payload as it is.
  return Buffer.concat([huge, Buffer.alloc(isMasked ? 4 : 0), payload]);
}

/** Sends the pieces, reads or not, and leaves in one of several ways. */
function exchange(port: number, pieces: readonly Buffer[], random: Random): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const leaves = random.pick(['end', 'reset', 'stay'] as const);
    if (random.integer(4) > 0) socket.resume();
    socket.on('error', () => {});
    socket.once('close', () => resolve());
    for (const piece of pieces) socket.write(piece);
    if (leaves === 'end') socket.end();
    setTimeout(() => (leaves === 'reset' ? socket.resetAndDestroy() : socket.destroy()), lingersMs);
  });
}

/** What is wrong with how the node answers an ordinary request afterwards. */
async function answerFault(port: number): Promise<string | undefined> {
  const response = await fetch(`http://127.0.0.1:${port}/updates?channel=0`, { signal: AbortSignal.timeout(10_000) });
  const text = await response.text();
  return response.status === 200 && text.includes('"x"')
    ? undefined
    : `answers ${response.status} ${text.slice(0, 100)}`;
}
