import type { HeaderLine } from '../../network/route/browser-headers.ts';
import type { ByteCount } from '../../network/sockets/socket-bytes.ts';

/**
 * A keep-alive connection, opened by its first request or ahead of it, and reopened after a loss. It carries one
 * request at a time over HTTP/1.1, concurrent ones over HTTP/2.
 */
export type HttpConnection = {
  /** Makes the function that sends requests of one kind, each with its path and query. */
  prepare(kind: RequestKind): SendRequest;
  /** Connects before the first request, so that the request does not pay for it. */
  open(): void;
  /** Bytes of all its sockets so far. */
  socketBytes(): ByteCount;
  close(): void;
};

/** What requests have in common. */
export type RequestKind = {
  readonly method: 'GET' | 'POST';
  /** Without `Host`, `Connection` and `Content-Length`, which the connection writes. */
  readonly headers: readonly HeaderLine[];
  /** Whether the body of an answer is passed on whole, or as it comes. */
  readonly whole: boolean;
  readonly handler: AnswerHandler;
};

export type SendRequest = (path: string, body?: Uint8Array) => void;

/** Receives one answer after the other. */
export type AnswerHandler = {
  /** `abort` refuses the answer: its connection ends (over HTTP/2 its stream), and `onError` follows. */
  onHead(status: number, contentEncoding: string | undefined, abort: (error: Error) => void): void;
  /** A whole body, unless it is empty, or the next piece: these bytes, valid until `onEnd` or the end of the call. */
  onBody(bytes: Uint8Array, start: number, end: number): void;
  onEnd(): void;
  /** No answer came, or not all of it. What the other end did wrong, an `AnswerFault`, has been counted. */
  onError(error: Error): void;
};

/** Called about a connection's losses. */
export type ConnectionEvents = {
  /** It is reopened, or an attempt to open it has failed. */
  readonly onReconnect: () => void;
  /** It has ended, with or without a request in progress. */
  readonly onLost?: () => void;
};
