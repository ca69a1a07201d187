import { type BrowserHeaders, carriers, requestKinds } from '../network/route/browser-headers.ts';

/** Values that vary between captures without significance: ports and handshake keys. */
function steady(line: string): string {
  return line.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:port').replace(/^(Sec-WebSocket-Key): .*/i, '$1: key');
}

/** How the heads of `found` differ from those of `kept`, one line each; none: they are the same. */
export function headerDifferences(kept: BrowserHeaders, found: BrowserHeaders): readonly string[] {
  return carriers.flatMap((carrier) =>
    requestKinds.flatMap((kind) => {
      const before = (kept.heads[carrier][kind] ?? []).map(steady);
      const now = (found.heads[carrier][kind] ?? []).map(steady);
      const changed = [
        ...before.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
        ...now.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
      ];
      const moved = changed.length === 0 && before.join('\n') !== now.join('\n');
      return [...changed, ...(moved ? [`in another order: ${now.map(nameOf).join(', ')}`] : [])].map(
        (line) => `${kind} over ${carrier}: ${line}`,
      );
    }),
  );
}

function nameOf(line: string): string {
  return line.slice(0, line.indexOf(':', 1));
}

/** Bytes of a head of HTTP/1.1: its lines, their ends, and the empty line. */
export function headBytes(head: readonly string[]): number {
  return head.reduce((sum, line) => sum + line.length + 2, 2);
}
