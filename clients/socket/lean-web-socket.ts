import { isUtf8 } from 'node:buffer';
import { createHash, randomBytes, randomFillSync } from 'node:crypto';
import type { Socket } from 'node:net';
import type { HeaderLine } from '../../network/route/browser-headers.ts';
import { AnswerFault, type AnswerHead, createAnswerParser } from '../../protocol/wire/answer-parser.ts';
import { clientFrameBytes, opcodes, writeClientFrame } from '../../protocol/wire/web-socket-frame.ts';
import { createWebSocketParser, WebSocketFault } from '../../protocol/wire/web-socket-parser.ts';
import type { Receive } from '../http/dial.ts';
import { requestHeaders } from '../http/headers.ts';
import type { ClientContext } from '../subscriber/transport-client.ts';
import { handshakeTimeoutMs, mostMessageBytes, type OpenWebSocket, type WebSocketRequest } from './web-socket.ts';

/** The server closes the connection after the close frames (RFC 6455, 7.1.1); it is given this long. */
const closeWithinMs = 30_000;
/** Codes that stand for no code (RFC 6455, 7.4.1). */
const [noStatusReceived, noCloseFrame] = [1005, 1006];

/**
 * A WebSocket that reads frames with our own parser, straight from the socket. Its handshake has the bytes of that of
 * ws.
 */
export const openLeanWebSocket: OpenWebSocket = ({ context, dial }, request, handlers) => {
  const key = randomBytes(16).toString('base64');
  let socket: Socket | undefined;
  let state: 'connecting' | 'open' | 'over' = 'connecting';
  let closing: { readonly code: number; readonly reason: string } | undefined;

  const handshakeTimer = setTimeout(() => end(), handshakeTimeoutMs);
  let closeTimer: NodeJS.Timeout | undefined;
  const end = () => {
    frames.stop();
    handshake.stop();
    if (socket) socket.destroy();
    else over();
  };
  const fail = (text: string) => {
    if (state === 'over') return;
    handlers.onFault(text);
    end();
  };
  const over = () => {
    if (state === 'over') return;
    state = 'over';
    clearTimeout(handshakeTimer);
    clearTimeout(closeTimer);
    handlers.onClose(closing?.code ?? noCloseFrame, closing?.reason ?? '');
  };

  const frames = createWebSocketParser(
    {
      onMessage: handlers.onMessage,
      onPing: (bytes, start, to) => sendFrame(socket, opcodes.pong, bytes.subarray(start, to)),
      onPong: () => {},
      onClose: (code, reason) => {
        closing = { code, reason };
        sendFrame(socket, opcodes.close, closePayload(code));
        closeTimer = setTimeout(end, closeWithinMs);
      },
    },
    { mostBytes: mostMessageBytes, isUtf8 },
  );
  const handshake = createAnswerParser(
    {
      onHead: (head) => {
        const wrong = wrongWith(head, key, request.subprotocol);
        if (wrong !== undefined) throw new AnswerFault(wrong);
      },
      onBody: () => {},
      onEnd: () => {},
    },
    { mostBodyBytes: 0 },
  );
  const receive: Receive = (bytes, start, to) => {
    try {
      let from = start;
      if (state === 'connecting') {
        from = handshake.feed(bytes, start, to);
        if (!handshake.isUpgraded()) return;
        state = 'open';
        clearTimeout(handshakeTimer);
        handlers.onOpen();
      }
      if (state === 'open') frames.feed(bytes, from, to);
    } catch (error) {
      if (error instanceof WebSocketFault) sendFrame(socket, opcodes.close, closePayload(error.code));
      fail(`WebSocket: ${(error as Error).message}`);
    }
  };
  dial((_error, opened) => {
    if (!opened || state === 'over') {
      opened?.destroy();
      over();
      return;
    }
    socket = opened;
    opened.once('close', over);
    handshake.expect('GET', false);
    opened.write(handshakeText(context, request, key), 'latin1');
  }, receive);
  return {
    send: (message, binary) => {
      if (state === 'open' && closing === undefined) {
        sendFrame(socket, binary ? opcodes.binary : opcodes.text, message);
      }
    },
    isOpen: () => state === 'open' && closing === undefined,
    terminate: end,
  };
};

/** What is wrong with the answer to a handshake (RFC 6455, 4.1); undefined if it opens the WebSocket. */
function wrongWith({ status, header }: AnswerHead, key: string, subprotocol: string): string | undefined {
  if (status !== 101) return `the handshake was answered with ${status}`;
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
