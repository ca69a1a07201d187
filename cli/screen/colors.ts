import picocolors from 'picocolors';

/** Colours for one stream. None if it is no terminal, `NO_COLOR` (https://no-color.org) is set or `TERM` is `dumb`. */
export function colorsFor(stream: { readonly isTTY?: boolean }) {
  const { NO_COLOR, TERM } = process.env;
  return picocolors.createColors(stream.isTTY === true && !NO_COLOR && TERM !== 'dumb');
}
