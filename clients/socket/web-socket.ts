import type { Dialler } from '../http/dial.ts';
import type { ClientContext } from '../subscriber/transport-client.ts';

/** One WebSocket from its handshake to its end. */
export type WebSocketConnection = {
  /** Sends one message; does nothing unless the WebSocket is open. */
  send(message: Uint8Array, binary: boolean): void;
  isOpen(): boolean;
  /** Ends the connection at once, without a close frame. */
  terminate(): void;
};

export type WebSocketHandlers = {
  onOpen(): void;
  /**
   * A whole message: bytes `start` to `end` (exclusive), valid only during the call. `wire`: as received, if it was
   * compressed.
   */
  onMessage(binary: boolean, bytes: Uint8Array, start: number, end: number, wire?: Uint8Array): void;
  /** The server broke HTTP or RFC 6455; `onClose` follows. */
  onFault(text: string): void;
  /** The connection has ended, or did not come about. Without a close frame the code is 1006 (RFC 6455, 7.1.5). */
  onClose(code: number, reason: string): void;
  /** A message left compressed, as these bytes. */
  onCompressed(message: Uint8Array, wire: Uint8Array): void;
};

/** What a WebSocket asks for. */
export type WebSocketRequest = { readonly path: string; readonly subprotocol: string };

/** A client's context, and the dialler of all its sockets. */
export type WebSocketEnd = { readonly context: ClientContext; readonly dialler: Dialler };

export type OpenWebSocket = (
  end: WebSocketEnd,
  request: WebSocketRequest,
  handlers: WebSocketHandlers,
) => WebSocketConnection;

/** What a client says of a handshake that was answered with another status than 101. */
export function answeredWith(status: number | string): string {
  return `the WebSocket handshake was answered with ${status}`;
}

/** An answer to the handshake has to come within this. */
export const handshakeTimeoutMs = 30_000;
/** Far more than an update. */
export const mostMessageBytes = 16 * 1024 * 1024;
