import { isUtf8 } from 'node:buffer';
import { closeSync, constants, openSync, readSync, type Stats, statSync } from 'node:fs';

/** A file cannot be read; the message says why in a few words: `ENOENT`, `is a directory`. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
  /** The system's word, such as `ENOENT`; missing if the file was refused for another reason. */
  readonly code?: string;

  constructor(message: string, code?: string) {
    super(message);
    if (code !== undefined) this.code = code;
  }
}

type Bounds = {
  readonly mostBytes: number;
  /** Whether a pipe that the shell opened for this process may be read too, as in `<(command)`. */
  readonly pipes?: boolean;
};

const pieceBytes = 64 * 1024;

/**
 * Reads a regular file whole. Devices, sockets and named pipes are refused, because they may have no end or may never
 * begin; so are files with more than `mostBytes`, whatever size the system reports. Throws `UnreadableFile`.
 */
export function readBounded(path: string, { mostBytes, pipes = false }: Bounds): Buffer {
  try {
    const status = statSync(path);
    const isPipe = pipes && status.isFIFO() && isOwnDescriptor(path);
    if (!status.isFile() && !isPipe) throw new UnreadableFile(kindOf(status));
    // A file of /proc may never return from a read that waits.
    const file = openSync(path, isPipe ? constants.O_RDONLY : constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return readTo(file, mostBytes);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new UnreadableFile(code ?? String(error), code);
  }
}

/** Reads a file as `readBounded` does, and as text in UTF-8. Throws `UnreadableFile`. */
export function readBoundedText(path: string, bounds: Bounds): string {
  const bytes = readBounded(path, bounds);
  if (!isUtf8(bytes)) throw new UnreadableFile('is no text in UTF-8');
  return bytes.toString('utf8');
}

/** A named pipe elsewhere blocks until another process opens it. */
function isOwnDescriptor(path: string): boolean {
  return path === '/dev/stdin' || /^\/(dev|proc\/(self|\d+))\/fd\/\d+$/.test(path);
}

function readTo(file: number, mostBytes: number): Buffer {
  const pieces: Buffer[] = [];
  let total = 0;
  for (;;) {
    const piece = Buffer.allocUnsafe(pieceBytes);
    const count = readSync(file, piece);
    if (count === 0) return Buffer.concat(pieces);
    total += count;
    if (total > mostBytes) throw new UnreadableFile(`is larger than ${sizeText(mostBytes)}`);
    pieces.push(piece.subarray(0, count));
  }
}

/** `64 MiB` or `195 KiB`. */
export function sizeText(bytes: number): string {
  const mebibyte = 1024 * 1024;
  return bytes >= mebibyte ? `${bytes / mebibyte} MiB` : `${bytes / 1024} KiB`;
}

function kindOf(status: Stats): string {
  if (status.isDirectory()) return 'is a directory';
  if (status.isFIFO()) return 'is a named pipe';
  if (status.isSocket()) return 'is a socket';
  return 'is a device';
}
