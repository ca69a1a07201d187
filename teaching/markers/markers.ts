/**
 * A place in a Markdown file that is filled from measurements, enclosed in comments that readers do not see:
 *
 *     WebSocket needs <!--figure chat-room.websocket.bytes.total-->8.01 kB<!--/--> a minute.
 *
 * A marker on lines of its own is filled with whole lines, such as a table or a code block.
 */
export type Marker = { readonly kind: string; readonly words: readonly string[] };

/** A marker that cannot be filled. The message starts with its file and line. */
export class BadMarker extends Error {
  override readonly name = 'BadMarker';
}

const marker = /<!--(\w+)([^>\n]*?)-->([\s\S]*?)<!--\/-->/g;

/**
 * Fills every marker again. `fill` returns the content and throws `BadMarker` if it has none; file and line are added
 * to that message.
 *
 * Also throws `BadMarker` for a comment that is not a complete marker, and for an inline marker at the start of a line,
 * because Markdown would take the whole line for HTML.
 */
export function fillMarkers(path: string, text: string, fill: (marker: Marker) => string): string {
  const filled = text.replace(marker, (_whole, kind: string, rest: string, old: string, at: number) => {
    const place = `${path}:${lineAt(text, at)}`;
    const words = rest.split(' ').filter(Boolean);
    if (old.includes('<!--')) throw new BadMarker(`${place}: <!--${kind}…--> is not closed by <!--/-->`);
    const fresh = tryFill(place, fill, { kind, words });
    const own = old.startsWith('\n');
    if (!own && fresh.includes('\n')) throw new BadMarker(`${place}: <!--${kind}…--> needs lines for itself`);
    if (!own && isLineStart(text, at)) {
      throw new BadMarker(`${place}: a line that begins with a comment is no text for Markdown; wrap it elsewhere`);
    }
    return `<!--${kind}${rest}-->${own ? `\n${fresh}\n` : fresh}<!--/-->`;
  });
  refuseStrayComments(path, text);
  return filled;
}

/** Removes the marker comments, and with `contents` also the text between them. */
export function withoutMarkers(text: string, without: 'comments' | 'contents'): string {
  return text.replace(marker, without === 'comments' ? '$3' : '');
}

function tryFill(place: string, fill: (marker: Marker) => string, found: Marker): string {
  try {
    return fill(found);
  } catch (error) {
    if (!(error instanceof BadMarker)) throw error;
    throw new BadMarker(`${place}: <!--${[found.kind, ...found.words].join(' ')}-->: ${error.message}`);
  }
}

function refuseStrayComments(path: string, text: string): void {
  const rest = text.replace(marker, (whole) => whole.replace(/[^\n]/g, ' '));
  const stray = rest.indexOf('<!--');
  if (stray >= 0) throw new BadMarker(`${path}:${lineAt(text, stray)}: this comment is no marker, or is not closed`);
}

function isLineStart(text: string, at: number): boolean {
  return /(^|\n)[\s>*-]*$/.test(text.slice(0, at));
}

function lineAt(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}
