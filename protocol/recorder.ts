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
  const histogram = emptyHistogram();
  return {
    record: (us) => histogram.recordValue(us < 0 ? 0 : us > highestUs ? highestUs : us),
    reset: () => histogram.reset(),
    encoded: () => encodeIntoCompressedBase64(histogram),
  };
}

/** Several encoded distributions as one; nothing is lost by merging. */
export function mergeRecorded(encoded: readonly string[]): HdrHistogram {
  const merged = emptyHistogram();
  for (const part of encoded) merged.add(decodeFromCompressedBase64(part));
  return merged;
}

function emptyHistogram(): HdrHistogram {
  return build({
    bitBucketSize: 32,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestUs,
    numberOfSignificantValueDigits: 3,
  });
}
