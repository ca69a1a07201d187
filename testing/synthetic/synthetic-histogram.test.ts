import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { histogramOf } from './synthetic-histogram.ts';

const samples = fc.array(fc.double({ min: 0, max: 100_000, noNaN: true }), { maxLength: 60 });

test('a record agrees with its encoded histogram, even if other records were made before it is read', () => {
  fc.assert(
    fc.property(samples, fc.integer({ min: 0, max: 5_000 }), (samplesMs, count) => {
      const record = histogramOf(samplesMs, count);
      histogramOf([1, 2, 3]);
      const decoded = decodeFromCompressedBase64(record.encoded);
      assert.equal(record.count, decoded.totalCount);
      assert.equal(record.count, samplesMs.length === 0 ? 0 : count);
      assert.equal(record.meanMs, record.count > 0 ? decoded.mean / 1000 : 0);
      if (record.count > 0) assert.equal(record.p90Ms, decoded.getValueAtPercentile(90) / 1000);
    }),
    { numRuns: 40 },
  );
});
