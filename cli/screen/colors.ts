import picocolors from 'picocolors';
import { attempt } from '../../text/attempt.ts';

/** Whether a stream is a terminal that understands escape codes: one that is not `dumb`. */
function takesEscapeCodes(stream: { readonly isTTY?: boolean }): boolean {
  return stream.isTTY === true && process.env.TERM !== 'dumb';
}

/** Standard error for a view that erases lines, or for one that only adds them. */
export function progressTerminal() {
  const { stderr } = process;
  return {
    isTTY: takesEscapeCodes(stderr),
    get columns() {
      return stderr.columns;
    },
    // A file on a full disk throws.
    write: (text: string) => attempt(() => stderr.write(text)),
  };
}

/** Colours for one stream. None if it takes no escape codes or `NO_COLOR` (https://no-color.org) is set. */
export function colorsFor(stream: { readonly isTTY?: boolean }) {
  return picocolors.createColors(takesEscapeCodes(stream) && !process.env.NO_COLOR);
}
