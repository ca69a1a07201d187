/**
 * Control characters (including escape codes) and characters that reorder or hide text: bidirectional controls,
 * zero-width spaces, line and paragraph separators, byte order marks, tags, lone surrogates.
 * https://www.unicode.org/reports/tr36/
 */
const hostile = /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

const longestText = 2_000;

/**
 * Makes text from a run safe for a terminal or a page: one line, hidden characters replaced, at most `longest`
 * characters.
 */
export function plainText(text: string, longest = longestText): string {
  // Cut before replacing: the text may be megabytes long.
  const cut = text.length > longest ? `${text.slice(0, longest)}… (${text.length - longest} characters more)` : text;
  return cut.replace(/[^\S\u00a0]+/g, ' ').replace(hostile, '\ufffd');
}

/** Breaks text at spaces into lines of at most `width` characters; a longer word gets a line of its own. */
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
