/** Bytes kept from one chunk to the next. */
export type HeldBytes = {
  readonly length: () => number;
  /** Copies bytes `start` to `end` (exclusive) to the end; linear time in total. */
  readonly append: (bytes: Uint8Array, start: number, end: number) => void;
  /** A view of all of them, valid until the next append or clear. */
  readonly bytes: () => Uint8Array;
  /** Starts over empty, in the same memory unless it is large. */
  readonly clear: () => void;
};

const nothing = new Uint8Array();
const smallestRoomBytes = 256;
/** More than this is given back: of thousands of connections, each may once have had a long message. */
const mostRoomKeptBytes = 64 * 1024;
/** Below it a loop is faster than making a view for `set`. */
const fewBytes = 32;

export function createHeldBytes(): HeldBytes {
  let room = nothing;
  let length = 0;

  const makeRoomFor = (needed: number) => {
    const larger = new Uint8Array(Math.max(needed, 2 * room.length, smallestRoomBytes));
    larger.set(room.subarray(0, length));
    room = larger;
  };
  return {
    length: () => length,
    append: (bytes, start, end) => {
      const added = end - start;
      if (length + added > room.length) makeRoomFor(length + added);
      if (added > fewBytes) room.set(bytes.subarray(start, end), length);
      else for (let i = 0; i < added; i++) room[length + i] = bytes[start + i]!;
      length += added;
    },
    bytes: () => room.subarray(0, length),
    clear: () => {
      length = 0;
      if (room.length > mostRoomKeptBytes) room = nothing;
    },
  };
}
