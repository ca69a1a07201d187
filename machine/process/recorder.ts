import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram as HdrHistogram,
} from 'hdr-histogram-js';

/** Ten minutes in microseconds; later values count as this. */
const highestUs = 600_000_000;

/** Records microseconds with three significant digits. Encoded recordings of several processes merge without loss. */
export type Recorder = {
  readonly record: (us: number) => void;
  readonly reset: () => void;
  /** HdrHistogram V2 encoding, compressed, as base64. */
  readonly encoded: () => string;
};

// By default hdr-histogram-js resizes and throws on negatives. Neither may happen on the hot path.
export function createRecorder(): Recorder {
  const histogram = emptyHistogram({ autoResize: false });
  return {
    record: (us) => histogram.recordValue(us < 0 ? 0 : us > highestUs ? highestUs : us),
    reset: () => histogram.reset(),
    encoded: () => encodeIntoCompressedBase64(histogram),
  };
}

/**
 * Merges encoded distributions without loss into one histogram of microseconds. It resizes when a part from elsewhere
 * holds more than a recorder can: too slow for recording, but fine for merging.
 */
export function mergeRecorded(encoded: readonly string[]): HdrHistogram {
  const merged = emptyHistogram({ autoResize: true });
  for (const part of encoded) merged.add(decodeFromCompressedBase64(part));
  return merged;
}

function emptyHistogram({ autoResize }: { readonly autoResize: boolean }): HdrHistogram {
  return build({
    bitBucketSize: 32,
    autoResize,
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestUs,
    numberOfSignificantValueDigits: 3,
  });
}
