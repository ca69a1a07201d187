import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram as HdrHistogram,
} from 'hdr-histogram-js';

/** Ten minutes: what is later counts as this. */
const highestUs = 600_000_000;

/** Records microseconds with three significant digits; merges losslessly across processes. */
export type Recorder = {
  readonly record: (us: number) => void;
  readonly reset: () => void;
  /** HdrHistogram V2, compressed, base64. */
  readonly encoded: () => string;
};

// hdr-histogram-js resizes by default and throws on negatives: neither may happen on the hot path.
export function createRecorder(): Recorder {
  const histogram = emptyHistogram({ autoResize: false });
  return {
    record: (us) => histogram.recordValue(us < 0 ? 0 : us > highestUs ? highestUs : us),
    reset: () => histogram.reset(),
    encoded: () => encodeIntoCompressedBase64(histogram),
  };
}

/**
 * Several encoded distributions as one, in microseconds; nothing is lost by merging. It grows where a part holds more
 * than a recorder does, as a record from elsewhere may: growing is too slow for recording, not for merging.
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
