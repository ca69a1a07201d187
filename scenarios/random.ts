import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A seeded stream of random numbers. The same seed gives the same values on every machine. */
export type Random = {
  /** Uniform in [0, 1). */
  readonly float: () => number;
  /** A uniform whole number from 0 to below `maxExclusive`, which must be at least 1. */
  readonly integer: (maxExclusive: number) => number;
  /** Exponentially distributed with this mean, like the gaps of a Poisson process. */
  readonly exponential: (mean: number) => number;
  /** A uniformly chosen element of a non-empty list. */
  readonly pick: <T>(list: readonly T[]) => T;
  /** `count` uniform bytes, which do not compress. */
  readonly bytes: (count: number) => Uint8Array;
};

/** Outputs discarded at the start: the first outputs of xoroshiro128+ still reflect the seed. */
const discardedOutputs = 16;

/** `seed`: a 32-bit integer, normally from `seedFrom` of `seed.ts`. */
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
      return new Uint8Array(words.buffer, 0, count);
    },
  };
}

/** Every order is as likely: the shuffle of Fisher and Yates. */
export function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const chosen = random.integer(last + 1);
    [order[last], order[chosen]] = [order[chosen]!, order[last]!];
  }
  return order;
}
