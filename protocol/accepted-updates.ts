/**
 * The updates that the server accepted in a window, by column; row `i` is one update. Rows are in the order of
 * acceptance, so the versions of a channel ascend by one.
 */
export type AcceptedUpdates = {
  readonly channel: Uint32Array;
  readonly version: Uint32Array;
  /** Client number of the publisher; or one of `publishers`. */
  readonly publisher: Int32Array;
  readonly intendedUs: Float64Array;
  readonly acceptedUs: Float64Array;
};

/** Columns for `rows` updates, zeroed. */
export function emptyUpdates(rows: number): AcceptedUpdates {
  return {
    channel: new Uint32Array(rows),
    version: new Uint32Array(rows),
    publisher: new Int32Array(rows),
    intendedUs: new Float64Array(rows),
    acceptedUs: new Float64Array(rows),
  };
}
