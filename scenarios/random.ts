import { createHash } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A seeded stream of random numbers: the same seed gives the same values on every machine. */
export type Random = {
  /** Uniform in [0, 1). */
  readonly float: () => number;
  /** Uniform among the whole numbers from 0 to below `maxExclusive`, which is at least 1. */
  readonly integer: (maxExclusive: number) => number;
  /** Exponentially distributed with this mean: the gaps of a Poisson process. */
  readonly exponential: (mean: number) => number;
  /** One element of a list that has at least one. */
  readonly pick: <T>(list: readonly T[]) => T;
  /** `count` uniform bytes, which no compressor makes smaller. */
  readonly bytes: (count: number) => Buffer;
};

/** A 32-bit seed from names and numbers: parts that differ anywhere, also in type or in order, give unrelated seeds. */
export function seedFrom(...parts: readonly (string | number)[]): number {
  return createHash('sha256').update(JSON.stringify(parts)).digest().readInt32BE(0);
}

/** Outputs thrown away at the start: the first ones of xoroshiro128+ still show the seed. */
const discardedOutputs = 16;

/** `seed` is a 32-bit integer, best one of `seedFrom`. */
export function randomFrom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  for (let i = 0; i < discardedOutputs; i++) generator.next();
  const float = () => uniformFloat64(generator);
  const integer = (maxExclusive: number) => uniformInt(generator, 0, maxExclusive - 1);
  return {
    float,
    integer,
    // 1 - float() lies in (0, 1], so the logarithm is finite.
    exponential: (mean) => -mean * Math.log(1 - float()),
    pick: (list) => list[integer(list.length)]!,
    bytes: (count) => {
      const words = new Int32Array(Math.ceil(count / 4));
      for (let i = 0; i < words.length; i++) words[i] = generator.next();
      return Buffer.from(words.buffer, 0, count);
    },
  };
}
