import { gzipSync } from 'node:zlib';
import type { Encoding } from '../../protocol/contract-terms.ts';
import { frame } from '../../protocol/framing.ts';
import { bufferView } from './buffer-view.ts';
import { deflatedPart } from './deflated-part.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;

type Acceptance = Pick<RetainedUpdate, 'version' | 'publisher' | 'acceptedUs'>;

/** A retained update. It is encoded once, and each transport's form is made once, when first needed. */
export class RetainedUpdate {
  readonly version: number;
  /** Client number of the publisher, or one of `publishers`. */
  readonly publisher: number;
  /** When it got its version, in the clock's microseconds. */
  readonly acceptedUs: number;
  readonly encoded: Buffer;
  readonly #encoding: Encoding;
  #framed: Buffer | undefined;
  #event: Buffer | undefined;
  #gzippedFrame: Buffer | undefined;
  #deflatedEvent: Buffer | undefined;

  constructor({ version, publisher, acceptedUs }: Acceptance, encoded: Uint8Array, encoding: Encoding) {
    this.version = version;
    this.publisher = publisher;
    this.acceptedUs = acceptedUs;
    this.encoded = bufferView(encoded);
    this.#encoding = encoding;
  }

  /** For poll answers, which may hold several updates. */
  get framed(): Buffer {
    this.#framed ??= bufferView(frame(this.encoded));
    return this.#framed;
  }

  /** For event streams; `id` is the version. Binary becomes base64, since SSE carries UTF-8 text only. */
  get event(): Buffer {
    this.#event ??= Buffer.from(`id: ${this.version}\n${this.#dataLines()}\n`, 'utf8');
    return this.#event;
  }

  /** `framed` as a complete gzip body (RFC 1952), for an answer with this update only. */
  get gzippedFrame(): Buffer {
    this.#gzippedFrame ??= gzipSync(this.framed);
    return this.#gzippedFrame;
  }

  /** `event` for compressed streams whose events do not refer to each other. */
  get deflatedEvent(): Buffer {
    this.#deflatedEvent ??= deflatedPart(this.event);
    return this.#deflatedEvent;
  }

  #dataLines(): string {
    if (this.#encoding === 'binary') return `data: ${this.encoded.toString('base64')}\n`;
    const text = this.encoded.toString('utf8');
    const oneLine = !this.encoded.includes(newline) && !this.encoded.includes(carriageReturn);
    if (oneLine) return `data: ${text}\n`;
    // JSON treats line ends as white space, and the reader joins the lines with \n again.
    return text
      .split(/\r\n|\r|\n/)
      .map((line) => `data: ${line}\n`)
      .join('');
  }
}
