import { createHeldBytes, type HeldBytes } from './held-bytes.ts';
import { isUtf8 as isUtf8Here } from './utf8.ts';
import { finalBit, lengthFollows, maskBit, opcodes } from './web-socket-frame.ts';

/** What a server said. Bytes are `start` to `end` (exclusive), valid only during the call. */
export type WebSocketSink = {
  /** A whole message; one of text is valid UTF-8. */
  onMessage(binary: boolean, bytes: Uint8Array, start: number, end: number): void;
  onPing(bytes: Uint8Array, start: number, end: number): void;
  onPong(bytes: Uint8Array, start: number, end: number): void;
  /** The last call. Without a code in the close frame it is 1005 (RFC 6455, 7.1.5). */
  onClose(code: number, reason: string): void;
};

export type WebSocketParser = {
  /**
   * Reads the next bytes of the connection, cut anywhere, and calls the sink meanwhile. Throws `WebSocketFault`. After
   * a close frame, a fault, an error of the sink and `stop` it ignores all further bytes.
   */
  feed(bytes: Uint8Array, start: number, end: number): void;
  /** Nothing is delivered from now on, not even from the chunk that is being read. */
  stop(): void;
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
const wholeText = finalBit | opcodes.text;
const wholeBinary = finalBit | opcodes.binary;
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
  return new FrameParser(sink, limits);
}

type Stage = 'opcode' | 'length' | 'extended length' | 'payload';

/** A class, because a process has thousands of parsers, none of which is in the cache when bytes come. */
class FrameParser implements WebSocketParser {
  readonly #sink: WebSocketSink;
  readonly #limits: WebSocketLimits;
  #isOver = false;
  /** Between two messages: neither within a frame nor between fragments. */
  #isBetween = true;
  /** Made when bytes cross a chunk, or a message comes in fragments. */
  #heldMessage: HeldBytes | undefined;
  /** Of its own, because a control frame may come between the fragments of a message. */
  #heldControl: HeldBytes | undefined;
  #stage: Stage = 'opcode';
  /** Of the current frame. */
  #firstByte = 0;
  #lengthBytesLeft = 0;
  #payloadLeft = 0;
  /** Of the message whose fragments are being read. */
  #messageOpcode: number = noMessage;
  #messageBytes = 0;
  #fragments = 0;

  constructor(sink: WebSocketSink, limits: WebSocketLimits) {
    this.#sink = sink;
    this.#limits = limits;
  }

  feed(bytes: Uint8Array, start: number, end: number): void {
    if (this.#isOver) return;
    try {
      const at = this.#isBetween ? this.#deliverWhole(bytes, start, end) : start;
      if (at < end) this.#readBytes(bytes, at, end);
    } catch (error) {
      // Where the next frame begins is not known.
      this.stop();
      throw error;
    }
  }

  stop(): void {
    this.#isOver = true;
    this.#heldMessage = undefined;
    this.#heldControl = undefined;
  }

  /**
   * The usual case: messages that lie in one frame and in this chunk. Stops at the first that does not, and returns
   * where; everything else about frames is left to `#readBytes`.
   */
  #deliverWhole(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (end - at >= 2) {
      const first = bytes[at]!;
      const binary = first === wholeBinary;
      if (!binary && first !== wholeText) return at;
      let from = at + 2;
      let length = bytes[at + 1]!;
      if (length > mostControlBytes) {
        if (length !== lengthFollows.in2Bytes || end - at < 4) return at;
        length = bytes[at + 2]! * 256 + bytes[at + 3]!;
        from = at + 4;
      }
      const to = from + length;
      if (to > end || length > this.#limits.mostBytes) return at;
      this.#deliverText(binary, bytes, from, to);
      if (this.#isOver) return end;
      at = to;
    }
    return at;
  }

  #readBytes(bytes: Uint8Array, start: number, end: number): void {
    let at = start;
    while (at < end && !this.#isOver) {
      if (this.#stage !== 'payload') this.#readHead(bytes[at++]!);
      // At once, also at the end of the chunk: an empty payload has no byte to wait for.
      if (this.#stage === 'payload') at = this.#readPayload(bytes, at, end);
    }
    this.#isBetween = this.#stage === 'opcode' && this.#messageOpcode === noMessage;
  }

  #readHead(byte: number): void {
    switch (this.#stage) {
      case 'opcode':
        this.#firstByte = byte;
        this.#stage = 'length';
        return;
      case 'length': {
        const wrong = wrongWithHead(this.#firstByte, byte, this.#messageOpcode !== noMessage);
        if (wrong !== undefined) throw new WebSocketFault(1002, wrong);
        this.#lengthBytesLeft = extendedLengthBytes(byte);
        this.#payloadLeft = this.#lengthBytesLeft === 0 ? byte : 0;
        this.#stage = 'extended length';
        break;
      }
      default:
        // Above 2^53 this rounds. That is more than any limit, and so is a length with its top bit set (not allowed).
        this.#payloadLeft = this.#payloadLeft * 256 + byte;
        this.#lengthBytesLeft--;
    }
    if (this.#lengthBytesLeft === 0) this.#beginPayload();
  }

  #beginPayload(): void {
    this.#stage = 'payload';
    if (isControl(this.#firstByte)) return;
    if (this.#messageOpcode === noMessage) this.#messageOpcode = this.#firstByte & opcodeBits;
    this.#messageBytes += this.#payloadLeft;
    this.#fragments++;
    const { mostBytes } = this.#limits;
    if (this.#messageBytes > mostBytes) {
      throw new WebSocketFault(1009, `a message has ${this.#messageBytes} bytes; at most ${mostBytes} are accepted`);
    }
    if (this.#fragments > mostFragments) {
      throw new WebSocketFault(1008, `a message has more than ${mostFragments} fragments`);
    }
  }

  /** Returns where it stopped reading. */
  #readPayload(bytes: Uint8Array, at: number, end: number): number {
    const to = Math.min(at + this.#payloadLeft, end);
    this.#payloadLeft -= to - at;
    if (this.#payloadLeft === 0) this.#stage = 'opcode';
    const isWhole = this.#payloadLeft === 0 && (this.#firstByte & finalBit) !== 0;
    const held = this.#heldFor(this.#firstByte);
    if (isWhole && held.length() === 0) {
      this.#deliver(bytes, at, to);
      return to;
    }
    held.append(bytes, at, to);
    if (isWhole) {
      const whole = held.bytes();
      this.#deliver(whole, 0, whole.length);
      held.clear();
    }
    return to;
  }

  #heldFor(firstByte: number): HeldBytes {
    if (isControl(firstByte)) {
      this.#heldControl ??= createHeldBytes();
      return this.#heldControl;
    }
    this.#heldMessage ??= createHeldBytes();
    return this.#heldMessage;
  }

  #deliver(bytes: Uint8Array, start: number, end: number): void {
    switch (this.#firstByte & opcodeBits) {
      case opcodes.ping:
        this.#sink.onPing(bytes, start, end);
        return;
      case opcodes.pong:
        this.#sink.onPong(bytes, start, end);
        return;
      case opcodes.close:
        this.#deliverClose(bytes, start, end);
        return;
      default:
        this.#deliverMessage(bytes, start, end);
    }
  }

  #deliverMessage(bytes: Uint8Array, start: number, end: number): void {
    const binary = this.#messageOpcode === opcodes.binary;
    this.#messageOpcode = noMessage;
    this.#messageBytes = 0;
    this.#fragments = 0;
    this.#deliverText(binary, bytes, start, end);
  }

  #deliverText(binary: boolean, bytes: Uint8Array, start: number, end: number): void {
    if (!binary && !this.#isText(bytes, start, end)) {
      throw new WebSocketFault(1007, 'a text message is not valid UTF-8');
    }
    this.#sink.onMessage(binary, bytes, start, end);
  }

  #isText(bytes: Uint8Array, start: number, end: number): boolean {
    const { isUtf8 } = this.#limits;
    if (isUtf8 === undefined || end - start <= shortTextBytes) return isUtf8Here(bytes, start, end);
    return isUtf8(bytes.subarray(start, end));
  }

  #deliverClose(bytes: Uint8Array, start: number, end: number): void {
    const code = closeCode(bytes, start, end);
    const reason = closeReason(bytes, start, end);
    this.stop();
    this.#sink.onClose(code, reason);
  }
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
