/** One line of a configuration. Joined, the three are the line, but for spaces that only align. */
export type ConfigurationLine = { readonly indent: number; readonly code: string; readonly comment: string };

/** Limit on lines to parse: a generated file has some hundred. */
const mostLines = 600;
const longestLine = 400;
const widestIndent = 40;

/** Reads what NGINX reads: `#` begins a comment where a word could begin. Bounded, since it comes from a file. */
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
