/** One line of a configuration, split for display. `indent` is in spaces; spaces at the end of the line are dropped. */
export type ConfigurationLine = { readonly indent: number; readonly code: string; readonly comment: string };

/** Limits for text from a file. A generated configuration has about a hundred lines. */
const mostLines = 600;
const longestLine = 400;
const widestIndent = 40;

/** Splits a configuration as NGINX does: `#` starts a comment only where a word could start. Cuts it at the limits. */
export function configurationLines(text: string): readonly ConfigurationLine[] {
  const lines = text
    .slice(0, mostLines * longestLine)
    .replace(/\s+$/, '')
    .split('\n');
  const shown = lines.slice(0, mostLines).map(lineOf);
  const left = lines.length - shown.length;
  return left > 0 ? [...shown, { indent: 0, code: '', comment: `# ${left} lines more` }] : shown;
}

function lineOf(text: string): ConfigurationLine {
  const line = text.slice(0, longestLine).replaceAll('\t', '  ').trimEnd();
  const rest = line.trimStart();
  const indent = Math.min(widestIndent, line.length - rest.length);
  const hash = rest.search(/(?<=^|\s)#/);
  if (hash < 0) return { indent, code: rest, comment: '' };
  return { indent, code: rest.slice(0, hash), comment: rest.slice(hash) };
}
