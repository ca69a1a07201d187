/** A byte buffer that grows by doubling: appending takes linear time in total. */
export type GrowingBytes = {
  readonly length: () => number;
  /** Copies `more` to the end. */
  readonly append: (more: Buffer) => void;
  /** Returns all bytes without copying, and starts over empty. */
  readonly take: () => Buffer;
};

const nothing = Buffer.alloc(0);
const smallestRoomBytes = 256;

export function createGrowingBytes(): GrowingBytes {
  let room = nothing;
  let length = 0;
  return {
    length: () => length,
    append: (more) => {
      const needed = length + more.length;
      if (needed > room.length) {
        const larger = Buffer.allocUnsafe(Math.max(smallestRoomBytes, 2 * needed));
        room.copy(larger, 0, 0, length);
        room = larger;
      }
      more.copy(room, length);
      length = needed;
    },
    take: () => {
      const taken = room.subarray(0, length);
      room = nothing;
      length = 0;
      return taken;
    },
  };
}
