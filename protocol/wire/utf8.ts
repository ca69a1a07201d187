/**
 * Whether bytes `start` to `end` (exclusive) are well-formed UTF-8: RFC 3629, section 4, which is table 3-7 of Unicode.
 * Overlong forms, surrogates and code points above U+10FFFF are not.
 */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    const lead = bytes[at]!;
    if (lead < 0x80) {
      at = afterAscii(bytes, at, end);
      continue;
    }
    const next = at + lengthOf(lead);
    // What lies behind `end` is of another message and completes nothing.
    if (next === at || next > end || !isSecond(lead, bytes[at + 1]!)) return false;
    for (at += 2; at < next; at++) if (!isContinuation(bytes[at]!)) return false;
  }
  return true;
}

/** Where the ASCII that begins at `start` ends. Eight bytes at once take less than half the time. */
function afterAscii(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at + 8 <= end && isAscii8(bytes, at)) at += 8;
  while (at < end && bytes[at]! < 0x80) at++;
  return at;
}

function isAscii8(bytes: Uint8Array, at: number): boolean {
  const first = bytes[at]! | bytes[at + 1]! | bytes[at + 2]! | bytes[at + 3]!;
  const second = bytes[at + 4]! | bytes[at + 5]! | bytes[at + 6]! | bytes[at + 7]!;
  return (first | second) < 0x80;
}

/** Bytes of the sequence that begins with a byte above 0x7f; 0 if none does. */
function lengthOf(lead: number): number {
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}

/** After four leads the range of the second byte is narrower, which excludes overlong forms and surrogates. */
function isSecond(lead: number, byte: number): boolean {
  switch (lead) {
    case 0xe0:
      return byte >= 0xa0 && byte <= 0xbf;
    case 0xed:
      return byte >= 0x80 && byte <= 0x9f;
    case 0xf0:
      return byte >= 0x90 && byte <= 0xbf;
    case 0xf4:
      return byte >= 0x80 && byte <= 0x8f;
    default:
      return isContinuation(byte);
  }
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
