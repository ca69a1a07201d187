import assert from 'node:assert/strict';
import { test } from 'node:test';
import { edge, loadFigures, recorded } from '../../testing/by-hand/readings.ts';
import { tinyPlanned, tinyScenario } from '../../testing/by-hand/tiny-trial.ts';
import { cohortRecords, meanMs } from './cohort-record.ts';

const scenario = tinyScenario({ pollCohortsMs: [250, 1000] });

/** Two load processes; only the first has a client of the second cohort. */
const edges = {
  before: edge({
    loads: [
      {
        cohorts: [
          {
            clients: 91,
            updateBytes: 1_000,
            requests: 10,
            readBytes: 5_000,
            writtenBytes: 3_000,
            drainRequests: 1,
            drainReadBytes: 200,
            drainWrittenBytes: 100,
            surplusUpdateBytes: 50,
          },
          { requests: 5, updateBytes: 10, readBytes: 100, writtenBytes: 90 },
        ],
      },
      { cohorts: [{ clients: 92, updateBytes: 300, requests: 4, readBytes: 700, writtenBytes: 600 }, {}] },
    ],
  }),
  after: edge({
    loads: [
      {
        cohorts: [
          {
            clients: 2,
            updateBytes: 4_000,
            requests: 40,
            readBytes: 15_000,
            writtenBytes: 8_000,
            drainRequests: 3,
            drainReadBytes: 800,
            drainWrittenBytes: 400,
            surplusUpdateBytes: 170,
          },
          { clients: 1, requests: 12, updateBytes: 90, readBytes: 600, writtenBytes: 490, drainRequests: 2 },
        ],
      },
      {
        cohorts: [
          {
            clients: 3,
            updateBytes: 1_300,
            requests: 15,
            readBytes: 2_700,
            writtenBytes: 1_600,
            drainRequests: 4,
            drainReadBytes: 77,
            drainWrittenBytes: 55,
            surplusUpdateBytes: 33,
          },
          {},
        ],
      },
    ],
  }),
};

const figures = [
  loadFigures({
    cohorts: [
      { delivery: recorded(100, 300), staleUs: 400_000, knowing: { sumUs: 6_000, updates: 3 } },
      { delivery: recorded(900), staleUs: 500_000, knowing: { sumUs: 700, updates: 1 } },
    ],
  }),
  loadFigures({
    cohorts: [
      { delivery: recorded(800), staleUs: 100_000, knowing: { sumUs: 4_000, updates: 2 } },
      { delivery: recorded(), staleUs: 0, knowing: { sumUs: 0, updates: 0 } },
    ],
  }),
];

test('each cohort has its own figures, added up over the load processes', () => {
  const [first, second, ...others] = cohortRecords(tinyPlanned(scenario), edges, figures);
  assert.deepEqual(others, []);
  const { delivery, ...rest } = first!;
  assert.deepEqual([delivery.count, delivery.meanMs, delivery.maxMs], [3, 0.4, 0.8]);
  assert.deepEqual(rest, {
    pollIntervalMs: 250,
    clients: 5, // 2 + 3, as they are at the end
    meanStalenessMs: 2, // (6 + 4) ms over 3 + 2 updates
    staleFraction: 0.05, // 0.5 s of 2 s × 5 clients
    requests: 35, // 30 + 11, less 2 + 4 of the drain
    down: {
      encodedUpdateBytes: 4_000, // 3,000 + 1,000
      framingBytes: 7_323, // 10,000 + 2,000 read, less 4,000 and the 600 + 77 of the drain
    },
    up: { encodedUpdateBytes: 0, framingBytes: 5_645 }, // 5,000 + 1,000 written, less 300 + 55
  });
  const { delivery: ofSecond, ...restOfSecond } = second!;
  assert.deepEqual([ofSecond.count, ofSecond.meanMs], [1, 0.9]);
  assert.deepEqual(restOfSecond, {
    pollIntervalMs: 1000,
    clients: 1,
    meanStalenessMs: 0.7,
    staleFraction: 0.25, // 0.5 s of 2 s
    requests: 5, // 7 less 2
    down: { encodedUpdateBytes: 80, framingBytes: 420 },
    up: { encodedUpdateBytes: 0, framingBytes: 400 },
  });
});

test('where newer replaces older, the surplus of the drain is no update of the window', () => {
  const [first] = cohortRecords(tinyPlanned({ ...scenario, semantics: 'latest' }), edges, figures);
  // 4,000 less 120 + 33; the framing is what it was.
  assert.deepEqual(first!.down, { encodedUpdateBytes: 3_847, framingBytes: 7_323 });
});

test('a cohort without clients was never stale', () => {
  const deserted = { before: edge({ loads: [{ cohorts: [{}] }] }), after: edge({ loads: [{ cohorts: [{}] }] }) };
  const none = { delivery: recorded(), staleUs: 0, knowing: { sumUs: 0, updates: 0 } };
  const [only, ...others] = cohortRecords(tinyPlanned(scenario), deserted, [loadFigures({ cohorts: [none] })]);
  assert.deepEqual([only!.clients, only!.staleFraction, only!.meanStalenessMs, others], [0, 0, 0, []]);
});

test('there are no records unless clients poll in cohorts', () => {
  assert.deepEqual(cohortRecords(tinyPlanned(scenario), edges, [loadFigures({}), loadFigures({})]), []);
  assert.deepEqual(cohortRecords(tinyPlanned(scenario), edges, []), []);
});

test('a mean is in milliseconds, and 0 of nothing', () => {
  assert.equal(meanMs(9_000, 4), 2.25);
  assert.equal(meanMs(9_000, 1), 9);
  assert.equal(meanMs(9_000, 0), 0);
});
