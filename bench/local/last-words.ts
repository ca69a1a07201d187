const keptLines = 5;
const keptCharacters = 600;

/** What Node.js prints above an uncaught error: file and line, the source line, and a caret. */
const excerpt = /^.*:\d+\n.*\n[ \t]*\^+[ \t]*$/gm;
/** What Node.js prints below the error: the stack trace and its own version. */
const trace = /^\s+at .*$|^Node\.js v\S+$/;

/**
 * The end of a process's standard error as one line: the last five lines that are not empty, each cut to 600
 * characters. Stack traces are left out, because they would push out the message. Empty if there was no output.
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
