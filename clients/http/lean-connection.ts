import type { Socket } from 'node:net';
import { AnswerFault, type AnswerParser, createAnswerParser } from '../../protocol/wire/answer-parser.ts';
import { type ClientContext, countError } from '../subscriber/transport-client.ts';
import { createDialler, type Receive } from './dial.ts';
import type { ConnectionEvents, HttpConnection, RequestKind } from './http-connection.ts';
import { mostAnswerBytes } from './whole-answer.ts';

type Asked = { readonly kind: RequestKind; readonly head: string; readonly body: Uint8Array | undefined };

/** A connection while it stands. */
type Line = { readonly socket: Socket; readonly parser: AnswerParser };

/**
 * A connection that writes HTTP/1.1 and reads it with our own parser, straight from the socket. Its requests have the
 * bytes of undici's.
 */
export function openLeanConnection(context: ClientContext, { onReconnect, onLost }: ConnectionEvents): HttpConnection {
  const { host, port, route } = context;
  const { dial, bytes } = createDialler(context, 'http/1.1');
  const authority = new URL(`${route.tls ? 'https' : 'http'}://${host}:${port}`).host;
  let line: Line | undefined;
  let asked: Asked | undefined;
  let dialling = false;
  let stood = false;
  let closed = false;

  const fail = (error: Error) => {
    const failed = asked;
    asked = undefined;
    if (!closed) failed?.kind.handler.onError(error);
  };
  /** `abort` ends the socket that is read. */
  const parserOf = (abort: (error: Error) => void) =>
    createAnswerParser(
      {
        onHead: ({ status, contentEncoding }) => asked!.kind.handler.onHead(status, contentEncoding, abort),
        onBody: (piece, start, end) => asked!.kind.handler.onBody(piece, start, end),
        onEnd: (reusable) => {
          const { handler } = asked!.kind;
          asked = undefined;
          if (!reusable) leave();
          handler.onEnd();
        },
      },
      { mostBodyBytes: mostAnswerBytes },
    );
  /** Ends the connection between two requests. */
  const leave = () => {
    line?.socket.destroy();
    line = undefined;
  };
  const connect = () => {
    if (dialling) return;
    dialling = true;
    let fault: Error | undefined;
    let reading: Socket | undefined;
    const abort = (error: Error) => {
      if (fault) return;
      fault = error;
      parser.stop();
      if (error instanceof AnswerFault) countError(context.tally, error.message);
      reading?.destroy();
    };
    const parser = parserOf(abort);
    const receive: Receive = (bytes, start, end, socket) => {
      reading = socket;
      try {
        if (!fault) parser.feed(bytes, start, end);
      } catch (error) {
        abort(error as Error);
      }
    };
    const connected = (socket: Socket) => {
      stood = true;
      const opened = { socket, parser };
      line = opened;
      socket.once('close', (hadError) => {
        const isCurrent = line === opened;
        if (isCurrent) line = undefined;
        if (closed) return;
        const ended = isCurrent && !hadError && !fault && parser.finish();
        onLost?.();
        if (isCurrent && !ended) fail(fault ?? new Error('the other end closed the connection'));
      });
      if (asked) write(opened, asked);
    };
    dial((error, socket) => {
      dialling = false;
      if (closed) {
        socket?.destroy();
        return;
      }
      if (asked && (stood || error)) onReconnect();
      if (socket) connected(socket);
      else fail(error!);
    }, receive);
  };

  return {
    prepare: (kind) => {
      const own = kind.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
      const rest = ` HTTP/1.1\r\nhost: ${authority}\r\nconnection: keep-alive\r\n${own}`;
      return (path, body) => {
        if (asked) throw new Error(`asked for ${path} before the last request was answered`);
        const length = body === undefined ? '' : `content-length: ${body.length}\r\n`;
        asked = { kind, head: `${kind.method} ${path}${rest}${length}\r\n`, body };
        if (line?.socket.writable) write(line, asked);
        else connect();
      };
    },
    open: connect,
    socketBytes: bytes,
    close: () => {
      closed = true;
      line?.socket.destroy();
    },
  };
}

function write({ socket, parser }: Line, { kind, head, body }: Asked): void {
  parser.expect(kind.method, kind.whole);
  if (body === undefined) {
    socket.write(head, 'latin1');
    return;
  }
  // One packet, if it fits.
  socket.cork();
  socket.write(head, 'latin1');
  socket.write(body);
  socket.uncork();
}
