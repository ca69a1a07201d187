import picocolors from 'picocolors';

/** Colours for one stream: none where it is no terminal, `NO_COLOR` (https://no-color.org) or a dumb one says so. */
export function colorsFor(stream: { readonly isTTY?: boolean }) {
  const { NO_COLOR, TERM } = process.env;
  return picocolors.createColors(stream.isTTY === true && !NO_COLOR && TERM !== 'dumb');
}
