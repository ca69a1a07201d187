/**
 * Bytes as lines of text that show every one of them: printable ASCII as itself, line ends as \r and \n with a new line
 * after them, valid UTF-8 as its character, everything else in hexadecimal.
 */
export function wireLines(bytes: Buffer): readonly string[] {
  const text = bytes.toString('utf8');
  // Binary: what is no text would come out as replacement characters.
  const shown = text.includes('\ufffd')
    ? [...bytes].map(asciiOrHex)
    : [...text].map((character) => (character > '~' ? character : asciiOrHex(character.charCodeAt(0))));
  return shown.join('').split(/(?<=\\n)/);
}

function asciiOrHex(byte: number): string {
  if (byte === 0x0d) return '\\r';
  if (byte === 0x0a) return '\\n';
  return byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : `⟨${byte.toString(16).padStart(2, '0')}⟩`;
}
