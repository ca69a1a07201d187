import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Work } from '../../../results/schema/calibration-schema.ts';
import { costTerms } from '../../../results/schema/cost-terms.ts';
import { type Random, randomFrom } from '../../../scenarios/random.ts';
import { seedFrom } from '../../../scenarios/seed.ts';
import { costOf, expectedCost, type Fitted } from './cost.ts';
import { fitCost, type Observation } from './cost-fit.ts';

const truth: Fitted = {
  coefficients: {
    fixed: 4,
    clients: 0.002,
    wakeUps: 0.05,
    updates: 0.04,
    requests: 0.02,
    deliveries: 0.006,
    firstDeliveries: 0.01,
    bytes: 0.00001,
    publishes: 0.03,
  },
  // Of those that the fit tries.
  togetherSeconds: 20e-6 * 2 ** 6,
  firstReaders: 20,
};

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
}

/** Between, evenly on a logarithmic scale. */
function between(random: Random, least: number, most: number): number {
  return least * (most / least) ** random.float();
}

const nothing: Work = {
  clients: 0,
  updatesPerSecond: 0,
  requestsPerSecond: 0,
  deliveriesPerSecond: 0,
  bytesPerSecond: 0,
  publishesPerSecond: 0,
};

function someWork(random: Random, clients: number): Work {
  const deliveriesPerSecond = between(random, 100, 4000);
  return {
    clients,
    updatesPerSecond: between(random, 2, 400),
    requestsPerSecond: between(random, 10, 2000),
    deliveriesPerSecond,
    bytesPerSecond: deliveriesPerSecond * between(random, 100, 3000),
    publishesPerSecond: between(random, 1, 100),
  };
}

/** Groups of four windows. All of a group cost more or less by a factor of their own, and each by one of its own. */
function observed(random: Random, groups: number, noise: { readonly group: number; readonly own: number }) {
  return Array.from({ length: groups }, (_, group): readonly Observation[] => {
    const factor = noise.group * normal(random);
    const clients = [100, 400, 1000, 200, 700, 50][group % 6]!;
    return Array.from({ length: 4 }, (_, window) => {
      const work = someWork(random, clients);
      const cpuMsPerSecond = costOf(truth, work) * Math.exp(factor + noise.own * normal(random));
      return { group: String(group), workload: `${group} ${window}`, work, cpuMsPerSecond };
    });
  }).flat();
}

describe('the costs behind synthetic observations', () => {
  test('are found, if nothing disturbs them', () => {
    const random = randomFrom(seedFrom('cost-fit', 'exact'));
    const fitted = fitCost(observed(random, 6, { group: 0, own: 0 }));
    assert.ok(Math.abs(fitted.togetherSeconds / truth.togetherSeconds - 1) < 1e-9, String(fitted.togetherSeconds));
    for (const term of costTerms) {
      const [found, expected] = [fitted.coefficients[term], truth.coefficients[term]];
      assert.ok(Math.abs(found / expected - 1) < 1e-3, `${term}: ${found}, not ${expected}`);
    }
    assert.ok(fitted.scatter < 1e-3, String(fitted.scatter));
    assert.equal(fitted.degrees, 5);
  });

  test('are found to 10% with noise of 2%, for work like it', () => {
    const random = randomFrom(seedFrom('cost-fit', 'noise'));
    const fitted = fitCost(observed(random, 12, { group: 0.01, own: 0.02 }));
    for (let i = 0; i < 20; i++) {
      const work = someWork(random, 300);
      const off = costOf(fitted, work) / costOf(truth, work) - 1;
      assert.ok(Math.abs(off) < 0.1, `${off}`);
    }
  });

  test('none is negative, and what costs nothing is left out', () => {
    const random = randomFrom(seedFrom('cost-fit', 'free'));
    const free = observed(random, 6, { group: 0, own: 0 }).map((seen) => ({
      ...seen,
      cpuMsPerSecond: 3 + 0.01 * seen.work.deliveriesPerSecond,
    }));
    const { coefficients, inverseNormal } = fitCost(free);
    assert.ok(Math.abs(coefficients.fixed - 3) < 1e-3, String(coefficients.fixed));
    assert.ok(Math.abs(coefficients.deliveries - 0.01) < 1e-5, String(coefficients.deliveries));
    const used = costTerms.filter((term) => coefficients[term] > 0);
    assert.ok(costTerms.every((term) => coefficients[term] >= 0));
    assert.equal(inverseNormal.length, used.length);
  });

  test('the largest amounts are kept', () => {
    const random = randomFrom(seedFrom('cost-fit', 'largest'));
    const seen = observed(random, 3, { group: 0, own: 0 });
    const { largest } = fitCost(seen);
    for (const key of Object.keys(largest) as (keyof Work)[]) {
      assert.equal(largest[key], seen.map(({ work }) => work[key]).sort((a, b) => b - a)[0], key);
    }
  });
});

describe('scatter', () => {
  test('contains what differs from one group to the next', () => {
    const scatterOf = (noise: { readonly group: number; readonly own: number }) =>
      fitCost(observed(randomFrom(seedFrom('cost-fit', 'scatter')), 12, noise)).scatter;
    const [own, both] = [scatterOf({ group: 0, own: 0.02 }), scatterOf({ group: 0.2, own: 0.02 })];
    assert.ok(own > 0.01 && own < 0.05, `each by itself: ${own}`);
    assert.ok(both > 0.14 && both < 0.4, `with that of groups: ${both}`);
  });

  test('is by how far each group is from what the others say', () => {
    // Five groups need 0.01 ms for a delivery, the sixth 0.02. From the five ln 2 are missing; from four of them and the
    // sixth, whose relative errors are least at 0.18/17, there are ln (18/17) too many.
    const alike = [0.01, 0.01, 0.01, 0.01, 0.01, 0.02].flatMap((eachMs, group) =>
      [100, 1000, 10_000].map((deliveriesPerSecond): Observation => {
        const work = { ...nothing, deliveriesPerSecond };
        const workload = `${group} ${deliveriesPerSecond}`;
        return { group: String(group), workload, work, cpuMsPerSecond: eachMs * deliveriesPerSecond };
      }),
    );
    const expected = Math.sqrt((Math.log(2) ** 2 + 5 * Math.log(18 / 17) ** 2) / 6);
    assert.ok(Math.abs(fitCost(alike).scatter - expected) < 1e-6, String(fitCost(alike).scatter));
  });

  test('is that of single workloads if groups are few, and repeats of one do not make it less', () => {
    const random = randomFrom(seedFrom('cost-fit', 'few'));
    const few = observed(random, 4, { group: 0, own: 0.05 });
    const { scatter, degrees, coefficients } = fitCost(few);
    assert.ok(scatter > 0.04 && scatter < 0.2, String(scatter));
    assert.equal(degrees, few.length - costTerms.filter((term) => coefficients[term] > 0).length);
    const repeated = fitCost([...few, ...few, ...few]);
    assert.ok(Math.abs(repeated.scatter / scatter - 1) < 1e-6, `${repeated.scatter}, not ${scatter}`);
    assert.equal(repeated.degrees, degrees);
  });

  test('widens the interval far from what was observed', () => {
    const random = randomFrom(seedFrom('cost-fit', 'far'));
    const fitted = fitCost(observed(random, 6, { group: 0.05, own: 0.02 }));
    const reach = (work: Work) => {
      const { value, high } = expectedCost(fitted, work);
      return Math.log(high / value);
    };
    const near = someWork(random, 300);
    const idle = { ...near, deliveriesPerSecond: 0, requestsPerSecond: 0, bytesPerSecond: 0, clients: 1e6 };
    assert.ok(reach(idle) > 1.3 * reach(near), `${reach(idle)}, ${reach(near)}`);
  });
});

describe('refused', () => {
  const cannotBeTold = /^RangeError: the costs of these observations cannot be told apart$/;

  test('fewer than three groups', () => {
    const two = observed(randomFrom(1), 2, { group: 0, own: 0 });
    assert.throws(() => fitCost(two), /^RangeError: a cost model needs three groups of observations, not 2$/);
  });

  test('as many costs as workloads, which fit anything', () => {
    // 10 in a second, 0.01 of a delivery and 0.001 of a byte.
    const amounts = [
      [100, 0],
      [1000, 0],
      [100, 10_000],
    ] as const;
    const three = amounts.map(
      ([deliveriesPerSecond, bytesPerSecond], place): Observation => ({
        group: String(place),
        workload: String(place),
        work: { ...nothing, deliveriesPerSecond, bytesPerSecond },
        cpuMsPerSecond: 10 + 0.01 * deliveriesPerSecond + 0.001 * bytesPerSecond,
      }),
    );
    assert.throws(() => fitCost(three), cannotBeTold);
  });

  test('a cost that one group alone has: by the others it would be nothing, and the scatter without end', () => {
    const six = [0, 1, 2, 3, 4, 5].flatMap((group) =>
      [100, 1000].map(
        (amount): Observation => ({
          group: String(group),
          workload: `${group} ${amount}`,
          work: { ...nothing, [group === 0 ? 'clients' : 'deliveriesPerSecond']: amount },
          cpuMsPerSecond: amount / 10,
        }),
      ),
    );
    assert.throws(() => fitCost(six), cannotBeTold);
    assert.ok(Number.isFinite(fitCost(six.slice(2)).scatter));
  });
});

test('the interval has the mean of a new group in 90 to 99% of seeded repeats', () => {
  const random = randomFrom(seedFrom('cost-fit', 'coverage', 2));
  const repeats = 100;
  const noise = { group: 0.1, own: 0.01 };
  let held = 0;
  for (let i = 0; i < repeats; i++) {
    const fitted = fitCost(observed(random, 6, noise));
    const work = someWork(random, 300);
    const { low, high } = expectedCost(fitted, work);
    const seen = costOf(truth, work) * Math.exp(noise.group * normal(random));
    if (low <= seen && seen <= high) held++;
  }
  assert.ok(held >= 0.9 * repeats && held <= 0.99 * repeats, `${held} of ${repeats}`);
});
