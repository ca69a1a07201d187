const keptLines = 5;
const keptCharacters = 600;

/** Node.js prints above an uncaught error where it was thrown: file and line, that line, and a caret below the place. */
const excerpt = /^.*:\d+\n.*\n[ \t]*\^+[ \t]*$/gm;
/** And below it the way that led there, and which Node.js it was. */
const trace = /^\s+at .*$|^Node\.js v\S+$/;

/**
 * What a process said last on its standard error, as one line: its last five lines, each of at most 600 characters, without
 * the trace of a stack, which would push out what was said. Empty where it said nothing.
 */
export function lastWords(stderr: string): string {
  return stderr
    .replace(excerpt, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !trace.test(line))
    .slice(-keptLines)
    .map((line) => shortened(line.trim()))
    .join(' | ');
}

function shortened(line: string): string {
  return line.length <= keptCharacters ? line : `${line.slice(0, keptCharacters)}…`;
}
