import { isUtf8 } from 'node:buffer';
import { createHash, randomBytes, randomFillSync } from 'node:crypto';
import type { Socket } from 'node:net';
import type { HeaderLine } from '../../network/route/browser-headers.ts';
import {
  AnswerFault,
  type AnswerHead,
  type AnswerParser,
  createAnswerParser,
} from '../../protocol/wire/answer-parser.ts';
import { clientFrameBytes, opcodes, writeClientFrame } from '../../protocol/wire/web-socket-frame.ts';
import {
  createWebSocketParser,
  WebSocketFault,
  type WebSocketLimits,
  type WebSocketParser,
  type WebSocketSink,
} from '../../protocol/wire/web-socket-parser.ts';
import type { Receiver } from '../http/dial.ts';
import { requestHeaders } from '../http/headers.ts';
import type { ClientContext } from '../subscriber/transport-client.ts';
import {
  answeredWith,
  handshakeTimeoutMs,
  mostMessageBytes,
  type OpenWebSocket,
  type WebSocketConnection,
  type WebSocketHandlers,
  type WebSocketRequest,
} from './web-socket.ts';

/** The server closes the connection after the close frames (RFC 6455, 7.1.1); it is given this long. */
const closeWithinMs = 30_000;
/** Codes that stand for no code (RFC 6455, 7.4.1). */
const [noStatusReceived, noCloseFrame] = [1005, 1006];

/**
 * Opens a WebSocket that reads frames with our own parser, straight from the socket. Its handshake has the bytes of that
 * of ws.
 */
export const openLeanWebSocket: OpenWebSocket = ({ context, dialler }, request, handlers) => {
  const webSocket = new LeanWebSocket(context, request, handlers);
  dialler.dial((_error, socket) => webSocket.connected(socket), webSocket);
  return webSocket;
};

type State = 'connecting' | 'open' | 'over';

/** What is needed until the WebSocket is open. */
type Handshake = { readonly key: string; readonly parser: AnswerParser; readonly timer: NodeJS.Timeout };

/** A class, because a process has thousands, none of which is in the cache when bytes come. */
class LeanWebSocket implements WebSocketConnection, WebSocketSink, Receiver {
  readonly #handlers: WebSocketHandlers;
  readonly #context: ClientContext;
  readonly #request: WebSocketRequest;
  readonly #frames: WebSocketParser;
  #state: State = 'connecting';
  #socket: Socket | undefined;
  #handshake: Handshake | undefined;
  #closing: { readonly code: number; readonly reason: string } | undefined;
  #closeTimer: NodeJS.Timeout | undefined;

  constructor(context: ClientContext, request: WebSocketRequest, handlers: WebSocketHandlers) {
    this.#context = context;
    this.#request = request;
    this.#handlers = handlers;
    this.#frames = createWebSocketParser(this, frameLimits);
    this.#handshake = this.#newHandshake();
  }

  /** The socket to the server is connected, or could not be. */
  connected(socket: Socket | null): void {
    if (!socket || this.#state === 'over') {
      socket?.destroy();
      this.#over();
      return;
    }
    this.#socket = socket;
    socket.once('close', () => this.#over());
    const { key, parser } = this.#handshake!;
    parser.expect('GET', false);
    socket.write(handshakeText(this.#context, this.#request, key), 'latin1');
  }

  receive(bytes: Uint8Array, start: number, end: number): void {
    try {
      if (this.#state === 'open') this.#frames.feed(bytes, start, end);
      else if (this.#state === 'connecting') this.#shake(bytes, start, end);
    } catch (error) {
      if (error instanceof WebSocketFault) sendFrame(this.#socket, opcodes.close, closePayload(error.code));
      const { message } = error as Error;
      this.#handlers.onFault(error instanceof HandshakeRefused ? message : `WebSocket: ${message}`);
      this.terminate();
    }
  }

  send(message: Uint8Array, binary: boolean): void {
    if (this.isOpen()) sendFrame(this.#socket, binary ? opcodes.binary : opcodes.text, message);
  }

  isOpen(): boolean {
    return this.#state === 'open' && this.#closing === undefined;
  }

  terminate(): void {
    this.#frames.stop();
    this.#handshake?.parser.stop();
    if (this.#socket) this.#socket.destroy();
    else this.#over();
  }

  onMessage(binary: boolean, bytes: Uint8Array, start: number, end: number): void {
    this.#handlers.onMessage(binary, bytes, start, end);
  }

  onPing(bytes: Uint8Array, start: number, end: number): void {
    sendFrame(this.#socket, opcodes.pong, bytes.subarray(start, end));
  }

  onPong(): void {}

  onClose(code: number, reason: string): void {
    this.#closing = { code, reason };
    sendFrame(this.#socket, opcodes.close, closePayload(code));
    this.#closeTimer = setTimeout(() => this.terminate(), closeWithinMs);
  }

  #newHandshake(): Handshake {
    const key = randomBytes(16).toString('base64');
    const onHead = (head: AnswerHead) => {
      if (head.status !== 101) throw new HandshakeRefused(answeredWith(head.status));
      const wrong = wrongWith(head, key, this.#request.subprotocol);
      if (wrong !== undefined) throw new AnswerFault(wrong);
    };
    const parser = createAnswerParser({ onHead, onBody: () => {}, onEnd: () => {} }, { mostBodyBytes: 0 });
    return { key, parser, timer: setTimeout(() => this.terminate(), handshakeTimeoutMs) };
  }

  #shake(bytes: Uint8Array, start: number, end: number): void {
    const { parser, timer } = this.#handshake!;
    const from = parser.feed(bytes, start, end);
    if (!parser.isUpgraded()) return;
    clearTimeout(timer);
    this.#handshake = undefined;
    this.#state = 'open';
    this.#handlers.onOpen();
    if (from < end) this.#frames.feed(bytes, from, end);
  }

  #over(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    clearTimeout(this.#handshake?.timer);
    clearTimeout(this.#closeTimer);
    this.#handlers.onClose(this.#closing?.code ?? noCloseFrame, this.#closing?.reason ?? '');
  }
}

const frameLimits: WebSocketLimits = { mostBytes: mostMessageBytes, isUtf8 };

/** The server does not want to speak WebSocket. */
class HandshakeRefused extends Error {
  override readonly name = 'HandshakeRefused';
}

/** What is wrong with the answer to a handshake (RFC 6455, 4.1); undefined if it opens the WebSocket. */
function wrongWith({ header }: AnswerHead, key: string, subprotocol: string): string | undefined {
  if (header('upgrade')?.toLowerCase() !== 'websocket') return 'invalid Upgrade header';
  if (!listed(header('connection')).includes('upgrade')) return 'invalid Connection header';
  if (header('sec-websocket-accept') !== acceptOf(key)) return 'invalid Sec-WebSocket-Accept header';
  if (header('sec-websocket-extensions') !== undefined) return 'the server uses an extension that was not offered';
  if (header('sec-websocket-protocol') !== subprotocol) return 'the server did not choose the subprotocol asked for';
  return undefined;
}

function listed(values = ''): readonly string[] {
  return values.split(',').map((value) => value.trim().toLowerCase());
}

function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

/** The headers of ws, in their order. */
function handshakeText(context: ClientContext, { path, subprotocol }: WebSocketRequest, key: string): string {
  const { host, port, route } = context;
  const authority = new URL(`${route.tls ? 'https' : 'http'}://${host}:${port}`).host;
  const headers: readonly HeaderLine[] = [
    ...requestHeaders(context, 'socket'),
    ['Sec-WebSocket-Version', '13'],
    ['Sec-WebSocket-Key', key],
    ['Connection', 'Upgrade'],
    ['Upgrade', 'websocket'],
    ['Sec-WebSocket-Protocol', subprotocol],
    ['Host', authority],
  ];
  return `GET ${path} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

/** A close frame has its code in front, or nothing where there is none to give back (RFC 6455, 5.5.1). */
function closePayload(code: number): Uint8Array {
  return code === noStatusReceived ? new Uint8Array() : Uint8Array.of(code >> 8, code & 0xff);
}

const masks = new Uint8Array(4096);
let masksUsed = masks.length;

function sendFrame(socket: Socket | undefined, opcode: number, payload: Uint8Array): void {
  if (!socket?.writable) return;
  if (masksUsed === masks.length) {
    randomFillSync(masks);
    masksUsed = 0;
  }
  const frame = Buffer.allocUnsafe(clientFrameBytes(payload.length));
  writeClientFrame(frame, opcode, payload, masks.subarray(masksUsed, masksUsed + 4));
  masksUsed += 4;
  socket.write(frame);
}
