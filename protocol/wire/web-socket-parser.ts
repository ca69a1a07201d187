import { createHeldBytes } from './held-bytes.ts';
import { isUtf8 as isUtf8Here } from './utf8.ts';
import { finalBit, lengthFollows, maskBit, opcodes } from './web-socket-frame.ts';

/** What a server said. Bytes are `start` to `end` (exclusive), valid only during the call. */
export type WebSocketSink = {
  /** A whole message; one of text is valid UTF-8. */
  readonly onMessage: (binary: boolean, bytes: Uint8Array, start: number, end: number) => void;
  readonly onPing: (bytes: Uint8Array, start: number, end: number) => void;
  readonly onPong: (bytes: Uint8Array, start: number, end: number) => void;
  /** The last call. Without a code in the close frame it is 1005 (RFC 6455, 7.1.5). */
  readonly onClose: (code: number, reason: string) => void;
};

export type WebSocketParser = {
  /**
   * Reads the next bytes of the connection, cut anywhere, and calls the sink meanwhile. Throws `WebSocketFault`. After
   * a close frame, a fault, an error of the sink and `stop` it ignores all further bytes.
   */
  readonly feed: (bytes: Uint8Array, start: number, end: number) => void;
  /** Nothing is delivered from now on, not even from the chunk that is being read. */
  readonly stop: () => void;
};

export type WebSocketLimits = {
  /** Largest message, the sum of its fragments. */
  readonly mostBytes: number;
  /** Checks long texts in place of our own loop. */
  readonly isUtf8?: (bytes: Uint8Array) => boolean;
};

/** What the other end did against RFC 6455, or beyond a limit. `code`: what to close with (RFC 6455, 7.4.1). */
export class WebSocketFault extends Error {
  override readonly name = 'WebSocketFault';
  readonly code: 1002 | 1007 | 1008 | 1009;

  constructor(code: WebSocketFault['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const reservedBits = 0x70;
const opcodeBits = 0x0f;
const noMessage = opcodes.continuation;
const noStatusReceived = 1005;
const mostControlBytes = 125;
/** The limit of ws: empty fragments cost the sender little and are never too many bytes. */
const mostFragments = 16_384;
/** Up to here our own loop takes less time than a view and a native call. */
const shortTextBytes = 192;

/** `ignoreBOM` keeps a byte order mark, which is part of a reason like any other character. */
const reasonDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Reads the frames that a server sends without extensions (RFC 6455, 5 and 7). A message in one frame within one chunk
 * is delivered where it lies, and nothing is allocated but a view for the check of a long text. Other bytes are copied
 * as they come; a length that is only promised takes no memory.
 *
 * A length need not have its shortest form, though 5.2 asks for it: ws accepts any, and what is measured should not
 * depend on which of the two reads. A text is checked when it is whole.
 */
export function createWebSocketParser(sink: WebSocketSink, limits: WebSocketLimits): WebSocketParser {
  const heldMessage = createHeldBytes();
  /** Of its own, because a control frame may come between the fragments of a message. */
  const heldControl = createHeldBytes();
  let stage: 'opcode' | 'length' | 'extended length' | 'payload' = 'opcode';
  let isOver = false;
  /** Of the current frame. */
  let firstByte = 0;
  let lengthBytesLeft = 0;
  let payloadLeft = 0;
  /** Of the message whose fragments are being read. */
  let messageOpcode: number = noMessage;
  let messageBytes = 0;
  let fragments = 0;

  const stop = () => {
    isOver = true;
    heldMessage.clear();
    heldControl.clear();
  };

  const readHead = (byte: number) => {
    switch (stage) {
      case 'opcode':
        firstByte = byte;
        stage = 'length';
        return;
      case 'length': {
        const wrong = wrongWithHead(firstByte, byte, messageOpcode !== noMessage);
        if (wrong !== undefined) throw new WebSocketFault(1002, wrong);
        lengthBytesLeft = extendedLengthBytes(byte);
        payloadLeft = lengthBytesLeft === 0 ? byte : 0;
        stage = 'extended length';
        break;
      }
      default:
        // Above 2^53 this rounds. That is more than any limit, and so is a length with its top bit set (not allowed).
        payloadLeft = payloadLeft * 256 + byte;
        lengthBytesLeft--;
    }
    if (lengthBytesLeft === 0) beginPayload();
  };

  const beginPayload = () => {
    stage = 'payload';
    if (isControl(firstByte)) return;
    if (messageOpcode === noMessage) messageOpcode = firstByte & opcodeBits;
    messageBytes += payloadLeft;
    fragments++;
    if (messageBytes > limits.mostBytes) {
      throw new WebSocketFault(1009, `a message has ${messageBytes} bytes; at most ${limits.mostBytes} are accepted`);
    }
    if (fragments > mostFragments) {
      throw new WebSocketFault(1008, `a message has more than ${mostFragments} fragments`);
    }
  };

  /** Returns where it stopped reading. */
  const readPayload = (bytes: Uint8Array, at: number, end: number) => {
    const to = Math.min(at + payloadLeft, end);
    payloadLeft -= to - at;
    if (payloadLeft === 0) stage = 'opcode';
    const isWhole = payloadLeft === 0 && (firstByte & finalBit) !== 0;
    const held = isControl(firstByte) ? heldControl : heldMessage;
    if (isWhole && held.length() === 0) {
      deliver(bytes, at, to);
      return to;
    }
    held.append(bytes, at, to);
    if (isWhole) {
      const whole = held.bytes();
      deliver(whole, 0, whole.length);
      held.clear();
    }
    return to;
  };

  const deliver = (bytes: Uint8Array, start: number, end: number) => {
    switch (firstByte & opcodeBits) {
      case opcodes.ping:
        sink.onPing(bytes, start, end);
        return;
      case opcodes.pong:
        sink.onPong(bytes, start, end);
        return;
      case opcodes.close:
        deliverClose(bytes, start, end);
        return;
      default:
        deliverMessage(bytes, start, end);
    }
  };

  const deliverMessage = (bytes: Uint8Array, start: number, end: number) => {
    const binary = messageOpcode === opcodes.binary;
    messageOpcode = noMessage;
    messageBytes = 0;
    fragments = 0;
    if (!binary && !isText(bytes, start, end)) throw new WebSocketFault(1007, 'a text message is not valid UTF-8');
    sink.onMessage(binary, bytes, start, end);
  };

  const isText = (bytes: Uint8Array, start: number, end: number) => {
    if (limits.isUtf8 === undefined || end - start <= shortTextBytes) return isUtf8Here(bytes, start, end);
    return limits.isUtf8(bytes.subarray(start, end));
  };

  const deliverClose = (bytes: Uint8Array, start: number, end: number) => {
    const code = closeCode(bytes, start, end);
    const reason = closeReason(bytes, start, end);
    stop();
    sink.onClose(code, reason);
  };

  const feed = (bytes: Uint8Array, start: number, end: number) => {
    let at = start;
    try {
      while (at < end && !isOver) {
        if (stage !== 'payload') readHead(bytes[at++]!);
        // At once, also at the end of the chunk: an empty payload has no byte to wait for.
        if (stage === 'payload') at = readPayload(bytes, at, end);
      }
    } catch (error) {
      // Where the next frame begins is not known.
      stop();
      throw error;
    }
  };

  return { feed, stop };
}

function isControl(firstByte: number): boolean {
  return (firstByte & opcodes.close) !== 0;
}

function extendedLengthBytes(secondByte: number): number {
  if (secondByte === lengthFollows.in8Bytes) return 8;
  return secondByte === lengthFollows.in2Bytes ? 2 : 0;
}

/** What is wrong with the first two bytes of a frame; undefined if nothing is. */
function wrongWithHead(firstByte: number, secondByte: number, isWithinMessage: boolean): string | undefined {
  if ((firstByte & reservedBits) !== 0) return 'a reserved bit of a frame is set';
  if ((secondByte & maskBit) !== 0) return 'a frame of the server is masked';
  const opcode = firstByte & opcodeBits;
  switch (opcode) {
    case opcodes.continuation:
      return isWithinMessage ? undefined : 'a continuation frame has no message to continue';
    case opcodes.text:
    case opcodes.binary:
      return isWithinMessage ? 'a message begins before all fragments of another have come' : undefined;
    case opcodes.close:
    case opcodes.ping:
    case opcodes.pong:
      return wrongWithControl(firstByte, secondByte);
    default:
      return `opcode ${opcode} is reserved`;
  }
}

function wrongWithControl(firstByte: number, length: number): string | undefined {
  if ((firstByte & finalBit) === 0) return 'a control frame is fragmented';
  if (length > mostControlBytes) return `a control frame has more than ${mostControlBytes} bytes`;
  if (length === 1 && (firstByte & opcodeBits) === opcodes.close) return 'a close frame has 1 byte; a code has 2';
  return undefined;
}

function closeCode(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return noStatusReceived;
  const code = bytes[start]! * 256 + bytes[start + 1]!;
  if (!isCloseCode(code)) throw new WebSocketFault(1002, `close code ${code} may not be sent`);
  return code;
}

function closeReason(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= 2) return '';
  if (!isUtf8Here(bytes, start + 2, end))
    throw new WebSocketFault(1007, 'the reason of a close frame is not valid UTF-8');
  return reasonDecoder.decode(bytes.subarray(start + 2, end));
}

/** Registered codes that may be sent (RFC 6455, 7.4.1; IANA added 1012 to 1014), and those of applications (7.4.2). */
function isCloseCode(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
}
