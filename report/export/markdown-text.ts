import { plainText } from '../../text/plain-text.ts';

/** Takes cells that are already escaped; the first row is the head. */
export function markdownTable([head = [], ...rows]: readonly (readonly string[])[], align = ':--'): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? ':--' : align));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** Escapes the texts. */
export function list(texts: readonly string[]): string {
  return texts.map((text) => `- ${escaped(text)}`).join('\n');
}

/**
 * One line of text, escaped so that it makes no markup, HTML, table cell, automatic link or mention.
 * GitHub finds mentions after it has removed backslashes, so a comment splits them instead.
 */
export function escaped(text: string, longest?: number): string {
  return plainText(text, longest)
    .replace(/[\\`*_[\]<>|#~&!]/g, '\\$&')
    .replace(/^(\s*)([-+=])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, '$1\\$2')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/\b(www)\./gi, '$1\\.')
    .replace(/@(?=\w)/g, '@<!-- -->');
}
