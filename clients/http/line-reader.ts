import { createGrowingBytes } from './growing-bytes.ts';

/**
 * Gets one line without its end: bytes `start` to `end` (exclusive) of `bytes`. `borrowed`: they lie in the chunk being
 * fed, whose owner may overwrite it afterwards.
 */
export type LineHandler = (bytes: Buffer, start: number, end: number, borrowed: boolean) => void;

const lf = 0x0a;
const cr = 0x0d;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Splits a byte stream into lines that end in LF, CR or CRLF, after an optional byte order mark (HTML standard, 9.2.6:
 * the `stream` production). A line is reported once its end has arrived; a CR reports at once, whether or not LF
 * follows.
 * Returns the function to feed chunks to, split anywhere. `checkSize` gets the length of each line, incomplete ones
 * included, and throws to refuse it.
 */
export function createLineReader(onLine: LineHandler, checkSize: (lineBytes: number) => void): (chunk: Buffer) => void {
  const partial = createGrowingBytes();
  let firstLine = true;
  let afterCr = false;

  function endLine(chunk: Buffer, start: number, end: number): void {
    checkSize(partial.length() + end - start);
    if (partial.length() === 0) {
      report(chunk, start, end, true);
    } else {
      partial.append(chunk.subarray(start, end));
      const line = partial.take();
      report(line, 0, line.length, false);
    }
  }

  function report(bytes: Buffer, start: number, end: number, borrowed: boolean): void {
    const marked = firstLine && bytes.subarray(start, Math.min(end, start + 3)).equals(byteOrderMark);
    firstLine = false;
    onLine(bytes, marked ? start + byteOrderMark.length : start, end, borrowed);
  }

  return (chunk) => {
    if (chunk.length === 0) return;
    let start = afterCr && chunk[0] === lf ? 1 : 0;
    afterCr = false;
    // Each position is kept until reading passes it, so the chunk is searched only once for LF and once for CR.
    let nextLf = indexOrEnd(chunk, lf, start);
    let nextCr = indexOrEnd(chunk, cr, start);
    for (let end = Math.min(nextLf, nextCr); end < chunk.length; end = Math.min(nextLf, nextCr)) {
      endLine(chunk, start, end);
      start = end + 1;
      if (end === nextCr) {
        afterCr = start === chunk.length;
        if (nextLf === start) start++;
        nextCr = indexOrEnd(chunk, cr, start);
      }
      if (nextLf < start) nextLf = indexOrEnd(chunk, lf, start);
    }
    if (start === chunk.length) return;
    checkSize(partial.length() + chunk.length - start);
    // Copied, so that a small rest does not keep a large chunk in memory.
    partial.append(chunk.subarray(start));
  };
}

function indexOrEnd(bytes: Buffer, byte: number, from: number): number {
  const at = bytes.indexOf(byte, from);
  return at < 0 ? bytes.length : at;
}
