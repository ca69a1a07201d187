import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Transport } from '../../protocol/transport.ts';
import type { CompletedTrial, TrialRecord } from '../../results/schema/schema.ts';
import { plainAssessed, plainRow } from '../../testing/by-hand/plain-analysis.ts';
import { plainPlan, plainRun } from '../../testing/by-hand/plain-run.ts';
import { plainFailure, plainProcess, plainTrial } from '../../testing/by-hand/plain-trial.ts';
import type { FigureKey } from '../figures/figures.ts';
import type { PathAnalysis, TransportAnalysis } from './assessment.ts';
import { stabilityWarnings } from './stability.ts';

/** The repeats of a transport with the values of one figure by block. */
function row(transport: Transport, key: FigureKey, values: readonly (number | undefined)[]): TransportAnalysis {
  const valid = values.map((value, block) =>
    plainAssessed(plainTrial({ transport, block: block + 10 }), { [key]: value }),
  );
  return { ...plainRow(transport), completed: valid, valid };
}

function saidOf(paths: readonly PathAnalysis[], trials: readonly TrialRecord[] = []): readonly string[] {
  const found = stabilityWarnings(plainRun(trials), [{ planned: plainPlan, paths }]);
  return found.map(({ severity, code, text }) => `${severity} ${code}: ${text}`);
}

function said(...transports: readonly TransportAnalysis[]): readonly string[] {
  return saidOf([{ route: 'direct', transports }]);
}

/** Values from 100 on that change by a factor from block to block. */
const going = (factor: number, blocks = 5) => Array.from({ length: blocks }, (_, block) => 100 * factor ** block);

const remedy = 'Pairs within a block stay comparable; for absolute figures run it again when the machine is at rest.';

test('a figure that rises in every transport is drift, reported once', () => {
  const rising = (key: FigureKey) => said(row('sse', key, going(1.05)), row('websocket', key, going(1.05)));
  assert.deepEqual(rising('cpu.serving.update'), [
    `caution drift: Plain: server CPU, per published update rose by 22% over the run, more than chance explains. ${remedy}`,
  ]);
  assert.deepEqual(rising('latency.p50'), [
    `caution drift: Plain: delivery latency, median rose by 22% over the run, more than chance explains. ${remedy}`,
  ]);
  // Bytes follow the arrivals, which all transports of a block share.
  assert.deepEqual(rising('bytes.total'), []);
  assert.deepEqual(rising('memory.server'), []);
});

test('a falling figure is drift too, by its own share', () => {
  const falling = said(row('sse', 'latency.p50', going(0.95)), row('websocket', 'latency.p50', going(0.95)));
  assert.match(falling[0]!, /fell by 19% over the run/);
});

test('a drift is reported from 5% on, in either direction', () => {
  const of = (endToEnd: number) => {
    const factor = endToEnd ** (1 / 4);
    return said(row('sse', 'latency.p50', going(factor)), row('websocket', 'latency.p50', going(factor))).length;
  };
  assert.deepEqual([1.049, 1.051, 1 / 1.049, 1 / 1.051].map(of), [0, 1, 0, 1]);
});

test('three blocks of two transports may move in one direction by chance', () => {
  const few = [row('sse', 'latency.p50', going(1.3, 3)), row('websocket', 'latency.p50', going(1.3, 3))];
  assert.deepEqual(said(...few), []);
});

test('over all paths: each transport on each is a series of its own', () => {
  const path = (route: string) => ({ route, transports: [row('sse', 'latency.p50', going(1.2, 4))] });
  assert.deepEqual(saidOf([path('direct')]), []);
  assert.match(saidOf([path('direct'), path('tls')])[0]!, /rose by 73% over the run/);
});

function spinning(fastestUs: number, block: number): CompletedTrial {
  const noise = { stealShare: null, strangerShare: null, throttledMs: null };
  const spins = [0, 1].map((core) => ({ core, fastestUs: fastestUs * (core + 1), slowdown: 1 }));
  return plainTrial({ block, noise: { ...noise, spins } });
}

test('cores that become slower are drift, whatever the figures say', () => {
  const trials = going(1.05).map(spinning);
  assert.deepEqual(saidOf([], trials), [
    `caution drift: The time that the same work takes rose by 22% over the run, more than chance explains. ${remedy}`,
  ]);
  assert.deepEqual(saidOf([], [100, 100, 100, 100].map(spinning)), []);
  assert.deepEqual(saidOf([], [plainTrial(), plainFailure()]), []);
});

const usual = [100, 101, 99, 100.5];

test('one repeat far from the others is reported with its block and a remedy', () => {
  assert.deepEqual(said(row('sse', 'cpu.serving.update', [...usual, 200])), [
    'caution outlier: Plain, SSE: server CPU, per published update of block 14 is 100% above the other repeats. ' +
      'It counts like them. Look at the noise of that trial, or repeat more often (--repeats).',
  ]);
  assert.match(said(row('sse', 'bytes.total', [50, ...usual]))[0]!, /of block 10 is 50% below the other repeats/);
  assert.match(said(row('sse', 'memory.server', [...usual, 200]))[0]!, /server memory .* of block 14/);
  assert.deepEqual(said(row('sse', 'latency.p99', [...usual, 200])), []);
});

test('the block is that of the repeat, even after repeats without the figure', () => {
  assert.match(said(row('sse', 'bytes.total', [undefined, ...usual, 200]))[0]!, /of block 15 is 100% above/);
});

test('with several paths the outlier is reported with its path', () => {
  const path = (route: string, values: readonly number[]) => ({
    route,
    transports: [row('sse', 'bytes.total', values)],
  });
  assert.match(
    saidOf([path('direct', usual), path('tls', [...usual, 200])])[0]!,
    /^caution outlier: Plain, SSE on tls: /,
  );
});

test('an outlier is reported from 10% on', () => {
  const of = (value: number) => said(row('sse', 'bytes.total', [100, 100, 100, 100, value])).length;
  assert.deepEqual([109.9, 110.1, 100 / 1.099, 100 / 1.101].map(of), [0, 1, 0, 1]);
});

/** Repeats of one transport with these durations of the small task, in microseconds. */
function tasks(...medianUs: readonly number[]): TransportAnalysis {
  const noise = { stealShare: null, strangerShare: null, throttledMs: null, spins: [] };
  const completed = medianUs.map((us) =>
    plainAssessed(
      plainTrial({
        processes: [plainProcess({ role: 'server', core: 1 })],
        noise: { ...noise, tasks: [{ core: 1, count: 9, medianUs: us, cpuMs: 1 }] },
      }),
    ),
  );
  return { ...plainRow('sse'), completed, valid: [] };
}

test('a small task with scattered durations warns that server CPU scatters', () => {
  // Logs ±0.1 about their mean: a deviation of 0.1 × √(4/3).
  const scattered = (log: number) => said(tasks(...[log, -log, log, -log].map((each) => 80 * Math.exp(each))));
  assert.deepEqual(scattered(0.1), [
    "caution unsteady: The same small task on the server's core differed by 12% from repeat to repeat (standard deviation), so " +
      'server CPU scatters too. Compare transports within this run by their ratios, and do not take its milliseconds for a constant.',
  ]);
  // ln 1.1 / √(4/3) is 0.0825.
  assert.equal(scattered(0.0825).length, 0);
  assert.equal(scattered(0.0826).length, 1);
});

test('the task may differ between series, and without a task there is no warning', () => {
  assert.deepEqual(said(tasks(80, 80, 80, 80), tasks(160, 160, 160, 160)), []);
  assert.deepEqual(said(plainRow('sse')), []);
});

test('each kind is a family of its own: many drifts hide no outlier', () => {
  const found = said(row('sse', 'latency.p50', [...usual, 200]), row('websocket', 'latency.p50', usual));
  assert.deepEqual(
    found.map((text) => text.replace(/:.*/, '')),
    ['caution outlier'],
  );
});
