/**
 * Bytes as lines of text that show every one of them: printable ASCII as itself, line ends as \r and \n with a new line
 * after them, valid UTF-8 as its character, everything else in hexadecimal.
 */
export function wireLines(bytes: Buffer): readonly string[] {
  const text = wholeCharacters(bytes).toString('utf8');
  // Binary, because invalid UTF-8 would decode to replacement characters.
  const shown = text.includes('\ufffd')
    ? [...bytes].map((byte) => asciiOrHex(byte))
    : [...text].map((character) => (character > '\u00a0' ? character : asciiOrHex(character.charCodeAt(0))));
  return shown.join('').split(/(?<=\\n)/);
}

/** Without a last character that was cut in two. */
function wholeCharacters(bytes: Buffer): Buffer {
  const start = bytes.findLastIndex((byte) => (byte & 0xc0) !== 0x80);
  const lead = bytes[start] ?? 0;
  const wanted = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return bytes.length - start < wanted ? bytes.subarray(0, Math.max(0, start)) : bytes;
}

function asciiOrHex(byte: number): string {
  if (byte === 0x0d) return '\\r';
  if (byte === 0x0a) return '\\n';
  return byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : `⟨${byte.toString(16).padStart(2, '0')}⟩`;
}
