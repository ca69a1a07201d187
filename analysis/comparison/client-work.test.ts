import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainHistogram, plainScenario, plainTrial } from '../../testing/by-hand/plain-trial.ts';
import { deliveredBy, withinClientWork } from './client-work.ts';
import { compareTransports } from './comparison.ts';

const cases: readonly (readonly [
  a: readonly [p50Ms: number, clientWorkMs: number],
  b: readonly [p50Ms: number, clientWorkMs: number],
  withinMs: number | undefined,
])[] = [
  [[21.3, 0.4], [21, 0.1], 0.4],
  [[21, 0.1], [21.3, 0.4], 0.4],
  // 0.5 is exact in binary.
  [[21.5, 0.5], [21, 0.1], 0.5],
  [[21.6, 0.5], [21, 0.1], undefined],
  [[500, 0.3], [21, 0.1], undefined],
];

for (const [[aMs, aWork], [bMs, bWork], withinMs] of cases) {
  test(`medians of ${aMs} and ${bMs} ms, clients that add ${aWork} and ${bWork} ms`, () => {
    assert.equal(withinClientWork({ p50Ms: aMs, clientWorkMs: aWork }, { p50Ms: bMs, clientWorkMs: bWork }), withinMs);
  });
}

test('where it was not measured nothing is said', () => {
  const known = { p50Ms: 21, clientWorkMs: 0.1 };
  assert.equal(withinClientWork(known, undefined), undefined);
  assert.equal(withinClientWork(undefined, known), undefined);
});

/** The trial of a block. `workUs`: undefined if it was not measured. */
function measured(transport: 'sse' | 'websocket', block: number, p50Ms: number, workUs?: number) {
  const { latency } = plainTrial();
  const trial = plainTrial({
    transport,
    block,
    latency: { ...latency, delivery: plainHistogram({ count: 10, p50Ms }) },
    ...(workUs !== undefined && { clientWork: { medianUs: workUs, echoes: 400 } }),
  });
  return { trial, scenario: plainScenario };
}

test('a transport has its medians, over the trials that have them', () => {
  const trials = [
    measured('sse', 0, 20, 300),
    measured('sse', 1, 22),
    measured('sse', 2, 27, 500),
    measured('websocket', 0, 10, 100),
  ];
  assert.deepEqual(deliveredBy(trials, 'sse'), { p50Ms: 22, clientWorkMs: 0.4 });
  assert.equal(deliveredBy([measured('sse', 0, 20)], 'sse'), undefined);
  assert.equal(deliveredBy(trials, 'long-polling'), undefined);
});

/** Four blocks in which SSE is later by this much, as clearly as can be. */
function compared(laterMs: number, workUs?: number) {
  const trials = [0, 1, 2, 3].flatMap((block) => [
    measured('websocket', block, 2 + block * 0.001, block === 0 ? 100 : undefined),
    measured('sse', block, 2 + laterMs + block * 0.001, block === 0 ? workUs : undefined),
  ]);
  const found = compareTransports(trials, ['websocket', 'sse'], 'websocket', 'sockets');
  return found.find(({ question }) => question === 'freshness')!;
}

test('a difference that the clients may have made is no verdict, one beyond it is', () => {
  assert.deepEqual([compared(0.5).outcome, compared(0.5).clientWorkMs], ['higher', undefined]);
  assert.deepEqual([compared(0.5, 600).outcome, compared(0.5, 600).clientWorkMs], ['cannot-tell', 0.6]);
  assert.deepEqual([compared(0.5, 400).outcome, compared(0.5, 400).clientWorkMs], ['higher', undefined]);
});
