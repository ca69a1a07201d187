import type { Socket } from 'node:net';
import type { ByteCount } from '../../network/sockets/socket-bytes.ts';
import {
  AnswerFault,
  type AnswerHead,
  type AnswerParser,
  type AnswerSink,
  createAnswerParser,
} from '../../protocol/wire/answer-parser.ts';
import { type ClientContext, countError } from '../subscriber/transport-client.ts';
import { createDialler, type Dialler, type Receiver } from './dial.ts';
import type { AnswerHandler, ConnectionEvents, HttpConnection, RequestKind, SendRequest } from './http-connection.ts';
import { mostAnswerBytes } from './whole-answer.ts';

const answerLimits = { mostBodyBytes: mostAnswerBytes };

type Asked = { readonly kind: RequestKind; readonly head: string; readonly body: Uint8Array | undefined };

/**
 * Prepares a connection that writes HTTP/1.1 and reads it with our own parser, straight from the socket. Its requests
 * have the bytes of undici's.
 */
export function openLeanConnection(context: ClientContext, events: ConnectionEvents): HttpConnection {
  return new LeanConnection(context, events);
}

/** A class, because a process has thousands, none of which is in the cache when bytes come. */
class LeanConnection implements HttpConnection, Receiver, AnswerSink {
  readonly #context: ClientContext;
  readonly #events: ConnectionEvents;
  readonly #dialler: Dialler;
  /** While it stands. */
  #socket: Socket | undefined;
  #asked: Asked | undefined;
  /** Of what was asked. Here, because each piece of an answer needs it. */
  #handler: AnswerHandler | undefined;
  /** Of that socket. */
  #parser: AnswerParser | undefined;
  /** Why the connection was given up. */
  #fault: Error | undefined;
  /** For the handlers: one for all answers. */
  readonly #abortAnswer = (error: Error) => this.#abort(error);
  #isDialling = false;
  #stood = false;
  #closed = false;

  constructor(context: ClientContext, events: ConnectionEvents) {
    this.#context = context;
    this.#events = events;
    this.#dialler = createDialler(context, 'http/1.1');
  }

  prepare(kind: RequestKind): SendRequest {
    const { host, port, route } = this.#context;
    const authority = new URL(`${route.tls ? 'https' : 'http'}://${host}:${port}`).host;
    const own = kind.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const begin = `${kind.method} `;
    const rest = ` HTTP/1.1\r\nhost: ${authority}\r\nconnection: keep-alive\r\n${own}`;
    const restWithoutBody = `${rest}\r\n`;
    return (path, body) => {
      const end = body === undefined ? restWithoutBody : `${rest}content-length: ${body.length}\r\n\r\n`;
      this.#ask({ kind, head: begin + path + end, body });
    };
  }

  open(): void {
    if (this.#isDialling) return;
    this.#isDialling = true;
    this.#fault = undefined;
    this.#dialler.dial((error, socket) => {
      this.#isDialling = false;
      if (this.#closed) {
        socket?.destroy();
        return;
      }
      if (this.#asked && (this.#stood || error)) this.#events.onReconnect();
      if (socket) this.#connected(socket);
      else this.#fail(error!);
    }, this);
  }

  socketBytes(): ByteCount {
    return this.#dialler.bytes();
  }

  close(): void {
    this.#closed = true;
    this.#socket?.destroy();
  }

  receive(bytes: Uint8Array, start: number, end: number, socket: Socket): void {
    if (socket !== this.#socket || this.#fault) return;
    try {
      this.#parser!.feed(bytes, start, end);
    } catch (error) {
      this.#abort(error as Error);
    }
  }

  onHead({ status, contentEncoding }: AnswerHead): void {
    this.#handler!.onHead(status, contentEncoding, this.#abortAnswer);
  }

  onBody(bytes: Uint8Array, start: number, end: number): void {
    this.#handler!.onBody(bytes, start, end);
  }

  onEnd(reusable: boolean): void {
    const handler = this.#handler!;
    this.#asked = undefined;
    if (!reusable) {
      const socket = this.#socket;
      this.#socket = undefined;
      this.#parser = undefined;
      socket?.destroy();
    }
    handler.onEnd();
  }

  #ask(asked: Asked): void {
    if (this.#asked) throw new Error('a request was made before the last one was answered');
    this.#asked = asked;
    this.#handler = asked.kind.handler;
    if (this.#socket?.writable) {
      this.#write(this.#socket, asked);
      return;
    }
    // The other end has closed it: its end is no failure of this request.
    this.#socket = undefined;
    this.open();
  }

  #connected(socket: Socket): void {
    this.#stood = true;
    this.#socket = socket;
    this.#parser = createAnswerParser(this, answerLimits);
    socket.once('close', (hadError) => this.#ended(socket, hadError));
    if (this.#asked) this.#write(socket, this.#asked);
  }

  #ended(socket: Socket, hadError: boolean): void {
    if (this.#closed) return;
    const isCurrent = socket === this.#socket;
    // The end of the connection may be the end of the answer.
    const isAnswered = isCurrent && !hadError && !this.#fault && this.#parser?.finish() === true;
    if (isCurrent) {
      this.#socket = undefined;
      this.#parser = undefined;
    }
    this.#events.onLost?.();
    if (isCurrent && !isAnswered) this.#fail(this.#fault ?? new Error('the other end closed the connection'));
  }

  #abort(error: Error): void {
    if (this.#fault) return;
    this.#fault = error;
    this.#parser?.stop();
    this.#parser = undefined;
    if (error instanceof AnswerFault) countError(this.#context.tally, error.message);
    this.#socket?.destroy();
  }

  #fail(error: Error): void {
    const failed = this.#asked;
    this.#asked = undefined;
    if (!this.#closed) failed?.kind.handler.onError(error);
  }

  #write(socket: Socket, { kind, head, body }: Asked): void {
    this.#parser!.expect(kind.method, kind.whole);
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
}
