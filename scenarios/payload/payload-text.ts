import type { Random } from '../random.ts';
import type { PayloadMaker } from './payload-maker.ts';
import {
  chatWords,
  devices,
  noticeKinds,
  noticeWords,
  people,
  reactions,
  statuses,
  statusWords,
  symbols,
  venues,
} from './payload-words.ts';

/** Payloads of JSON text: one object each, whose last field pads it to size. */

export const chatText: PayloadMaker = (bytes, random) => () =>
  object(`{"user":"${random.pick(people)}","text":`, chatWords, bytes, random);

/** Quotes of six symbols with wandering prices; larger payloads are filled with the depth of the book. */
export const quotes: PayloadMaker = (bytes, random) => {
  const book = symbols.map((symbol) => ({ symbol, cents: 20_000 + random.integer(60_000), volume: 1_000_000 }));
  return () => {
    const entry = random.pick(book);
    entry.cents = clamp(entry.cents + random.integer(7) - 3, 10_100, 99_900);
    entry.volume = Math.min(9_999_999, entry.volume + lots(random));
    return object(quoteHead(entry, depth(bytes, entry.cents, random), random), venues, bytes, random);
  };
};

type Quoted = { readonly symbol: string; readonly cents: number; readonly volume: number };

function quoteHead({ symbol, cents, volume }: Quoted, levels: string, random: Random): string {
  const prices = `"bid":${price(cents)},"ask":${price(cents + 2)}`;
  const sizes = `"bidSize":${lots(random)},"askSize":${lots(random)}`;
  return `{"symbol":"${symbol}",${prices},${sizes},"volume":${volume},${levels}"venues":`;
}

const quoteBytes = 104;
const levelBytes = '[101.23,500],'.length;

function depth(bytes: number, cents: number, random: Random): string {
  const count = Math.min(50, Math.floor((bytes - quoteBytes - '"depth":[],'.length) / levelBytes));
  if (count < 1) return '';
  const levels = Array.from({ length: count }, (_, i) => `[${price(cents - 1 - i)},${lots(random)}]`);
  return `"depth":[${levels.join(',')}],`;
}

export const notice: PayloadMaker = (bytes, random) => {
  let id = 1_000_000 + random.integer(1_000_000);
  return () => {
    id += 1 + random.integer(9);
    const link = `/t/${10_000 + random.integer(90_000)}`;
    const head = `{"id":"n${id}","kind":"${random.pick(noticeKinds)}","from":"${random.pick(people)}"`;
    return object(`${head},"link":"${link}","text":`, noticeWords, bytes, random);
  };
};

export const presence: PayloadMaker = (bytes, random) => {
  let sinceSeconds = 1_700_000_000 + random.integer(10_000_000);
  return () => {
    sinceSeconds += random.integer(30);
    const head = `{"user":"${user(random)}","status":"${random.pick(statuses)}","since":${sinceSeconds},"note":`;
    return object(head, statusWords, bytes, random);
  };
};

export const reaction: PayloadMaker = (bytes, random) => {
  let atSeconds = 10_000;
  return () => {
    atSeconds = Math.min(99_999, atSeconds + random.integer(3));
    const head = `{"user":"${user(random)}","emoji":"${random.pick(reactions)}","at":${atSeconds},"via":`;
    return object(head, devices, bytes, random);
  };
};

/** `head` completed by a last string field, so that the whole object has exactly `bytes` bytes of UTF-8. */
function object(head: string, words: readonly string[], bytes: number, random: Random): Buffer {
  const room = bytes - Buffer.byteLength(head) - '""}'.length;
  return Buffer.from(`${head}"${textOf(words, room, random)}"}`);
}

/**
 * Words that fill exactly `bytes` bytes of UTF-8. The last word is cut between code points; dots fill the remainder.
 */
function textOf(words: readonly string[], bytes: number, random: Random): string {
  let text: string = random.pick(words);
  for (let length = Buffer.byteLength(text); length < bytes; ) {
    const next = ` ${random.pick(words)}`;
    text += next;
    length += Buffer.byteLength(next);
  }
  const encoded = Buffer.from(text);
  let end = bytes;
  // Bytes 10xxxxxx continue a code point (RFC 3629, section 3).
  while (end < encoded.length && (encoded[end]! & 0xc0) === 0x80) end--;
  return encoded.toString('utf8', 0, end) + '.'.repeat(bytes - end);
}

function user(random: Random): string {
  return `u${String(random.integer(10_000)).padStart(4, '0')}`;
}

function price(cents: number): string {
  return (cents / 100).toFixed(2);
}

function lots(random: Random): number {
  return 100 * (1 + random.integer(9));
}

function clamp(value: number, lowest: number, highest: number): number {
  return Math.min(highest, Math.max(lowest, value));
}
