import { mean, sampleVariance } from 'simple-statistics';
import { shaffer } from './shaffer.ts';
import { errorsWithin, estimateOf, leastResolution, type RatioEstimate } from './statistics.ts';

/** One of the compared divided by another, by their places in the list. */
export type PooledRatio = {
  readonly over: number;
  readonly under: number;
  readonly estimate: RatioEstimate;
  /** Adjusted for all pairs (Shaffer). */
  readonly adjustedP: number;
};

/**
 * How many degrees of freedom the pooled scatter is given beside the pair's own. More would decide more and be wrong
 * more often where scatters are unequal: docs/method.md has the simulation.
 */
const pooledWeight = 2;

/**
 * Ratios of every two of several transports, measured in the same blocks. `readings[i][j]` is that of transport `i` in
 * block `j`; every transport has a reading in every block.
 *
 * On logarithms, readings are transport + block + scatter. With three blocks the scatter of one pair rests on two
 * degrees of freedom, so it is drawn towards that of all: the variance of a difference in a block is (2 · 2s² + (n − 1)
 * v) / (n + 1), where n blocks give v, the pair's own variance, and s² is the residual mean square of the k transports,
 * of which a difference has two (a moderated t as that of Smyth 2004, with 2 prior degrees of freedom). Student's t
 * then has n + 1 degrees of freedom, but never more than the residuals have, (k − 1)(n − 1). For two transports v is
 * 2s², and this is the paired t.
 *
 * `undefined` for fewer than two transports or blocks, or if a reading has no logarithm.
 */
export function pooledRatios(readings: readonly (readonly number[])[]): readonly PooledRatio[] | undefined {
  const logs = readings.map((ofTransport) => ofTransport.map(Math.log));
  const blocks = logs[0]?.length ?? 0;
  if (logs.length < 2 || blocks < 2 || !logs.flat().every(Number.isFinite)) return undefined;
  const pooled = 2 * residualVariance(logs);
  const degrees = Math.min(pooledWeight + blocks - 1, (logs.length - 1) * (blocks - 1));
  const errors = errorsWithin(degrees);
  const estimates = pairsOf(logs.length).map(([under, over]) => {
    const differences = logs[over]!.map((log, block) => log - logs[under]![block]!);
    const own = sampleVariance(differences);
    const variance = (pooledWeight * pooled + (blocks - 1) * own) / (pooledWeight + blocks - 1);
    const error = Math.sqrt(variance / blocks);
    return { over, under, estimate: estimateOf(mean(differences), error, degrees, leastResolution, errors) };
  });
  const adjusted = shaffer(
    estimates.map(({ estimate }) => estimate.pValue),
    logs.length,
  );
  return estimates.map((each, place) => ({ ...each, adjustedP: adjusted[place]! }));
}

/** The residual mean square of `rows`, once the means of rows and columns are taken out. */
function residualVariance(rows: readonly (readonly number[])[]): number {
  const columns = rows[0]!.map((_, column) => mean(rows.map((row) => row[column]!)));
  const all = mean(columns);
  const squares = rows.flatMap((row) => {
    const ofRow = mean([...row]);
    return row.map((value, column) => (value - ofRow - columns[column]! + all) ** 2);
  });
  return squares.reduce((sum, square) => sum + square, 0) / ((rows.length - 1) * (columns.length - 1));
}

function pairsOf(count: number): readonly (readonly [under: number, over: number])[] {
  const places = Array.from({ length: count }, (_, place) => place);
  return places.flatMap((under) => places.slice(under + 1).map((over) => [under, over] as const));
}
