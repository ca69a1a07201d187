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

/**
 * Counts as an HdrHistogram does, by shifts instead of logarithms, and makes one when it is encoded: values below 2,048
 * one by one, above in steps of at most a thousandth.
 */
export function createRecorder(): Recorder {
  const counts = new Uint32Array(placeOf(highestUs) + 1);
  return {
    record: (us) => {
      counts[placeOf(us < 0 ? 0 : us > highestUs ? highestUs : us)]!++;
    },
    reset: () => void counts.fill(0),
    encoded: () => encodeIntoCompressedBase64(histogramOf(counts)),
  };
}

/** Values of one place differ by less than 2 to the power of the returned number. */
function shiftOf(us: number): number {
  return Math.max(0, 21 - Math.clz32(us));
}

/** Each power of two above 2,048 has 1,024 places. */
function placeOf(us: number): number {
  const shift = shiftOf(us);
  return shift * 1024 + (us >> shift);
}

function lowestAt(place: number): number {
  const shift = Math.max(0, Math.floor(place / 1024) - 1);
  return (place - shift * 1024) * 2 ** shift;
}

function histogramOf(counts: Uint32Array): HdrHistogram {
  const histogram = emptyHistogram({ autoResize: false });
  counts.forEach((count, place) => {
    if (count > 0) histogram.recordValueWithCount(lowestAt(place), count);
  });
  return histogram;
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
