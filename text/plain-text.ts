/**
 * Control characters (escape codes among them), and marks that reorder or hide text: bidirectional controls, zero-width
 * spaces, line and paragraph separators, byte order marks, tags, halves of surrogate pairs.
 * https://www.unicode.org/reports/tr36/
 */
const hostile = /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

const longestText = 2_000;

/** Text from a run, safe to show on a terminal or in a page: one line, no hidden characters, of bounded length. */
export function plainText(text: string, longest = longestText): string {
  // Cut first: there may be megabytes.
  const cut = text.length > longest ? `${text.slice(0, longest)}… (${text.length - longest} characters more)` : text;
  return cut.replace(/[^\S\u00a0]+/g, ' ').replace(hostile, '\ufffd');
}

/** Breaks at spaces so that no line is longer than `width`, except where a word is. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
