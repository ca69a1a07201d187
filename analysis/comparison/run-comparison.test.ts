import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletedTrial, Run } from '../../results/schema/schema.ts';
import { failedFrom, type SyntheticOptions, syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { syntheticScenarios } from '../../testing/synthetic/synthetic-scenarios.ts';
import { judgeLimits, type Limit } from './regression.ts';
import {
  comparedFigures,
  compareRuns,
  type FigureChange,
  type JudgedChange,
  judged,
  pairRuns,
  type RunComparison,
} from './run-comparison.ts';

const scenarios = syntheticScenarios.slice(0, 1);

function run(options: SyntheticOptions = {}): Run {
  return syntheticRun({ scenarios, repeats: 5, ...options });
}

function compared(a: Run, b: Run, force = false): RunComparison {
  return compareRuns(pairRuns(a, b), { force });
}

function change({ scenarios: [first] }: RunComparison, figure: string, transport = 'websocket'): JudgedChange {
  assert.ok(first?.status === 'compared');
  return first.changes.find((each) => each.figure === figure && each.transport === transport)!;
}

/** The same trial with all CPU of WebSocket times `factor`. */
function slower(factor: number): (trial: CompletedTrial) => CompletedTrial {
  return (trial) => ({
    ...trial,
    processes: trial.processes.map((process) => ({
      ...process,
      cpuWindowMs: process.cpuWindowMs * (trial.transport === 'websocket' ? factor : 1),
    })),
  });
}

test('two runs of the same code cannot be told apart, and every figure of every transport is compared', () => {
  const [scenario] = compared(run({ seed: 1 }), run({ seed: 2 })).scenarios;
  assert.ok(scenario?.status === 'compared');
  assert.equal(scenario.changes.length, 4 * comparedFigures.length);
  assert.deepEqual([...new Set(scenario.changes.map(({ outcome }) => outcome))], ['cannot-tell']);
});

test('a doubled figure is higher and a halved one lower, with an interval around the ratio', () => {
  const before = run({ seed: 1 });
  const after = run({ seed: 2, alter: slower(2) });
  const doubled = change(compared(before, after), 'cpu.serving.update');
  assert.equal(doubled.outcome, 'higher');
  assert.ok(doubled.estimate!.low < 2 && 2 < doubled.estimate!.high);
  assert.deepEqual(doubled.repeats, { a: 5, b: 5 });
  assert.equal(change(compared(after, before), 'cpu.serving.update').outcome, 'lower');
  assert.equal(change(compared(before, after), 'cpu.serving.update', 'sse').outcome, 'cannot-tell');
});

test('an interval that leaves 1 out is no tie, and a small but certain growth is no equality', () => {
  const of = (low: number, high: number, pValue: number): FigureChange => ({
    transport: 'sse',
    figure: 'bytes.total',
    a: 1,
    b: 1.004,
    repeats: { a: 3, b: 3 },
    weak: false,
    ratio: 1.004,
    estimate: { ratio: 1.004, low, high, pValue },
  });
  // Three are one family: 0.001 × 3, 0.03 × 2, 0.5 × 1.
  const outcomes = judged([of(1.003, 1.005, 0.001), of(1.001, 1.007, 0.03), of(0.99, 1.02, 0.5)]);
  assert.deepEqual(
    outcomes.map(({ outcome }) => outcome),
    ['higher', 'unresolved', 'cannot-tell'],
  );
});

test('fewer than three valid repeats of either are shown and never judged', () => {
  const once = change(compared(run(), run({ seed: 2, repeats: 1, alter: slower(9) })), 'cpu.serving.update');
  assert.deepEqual([once.outcome, once.estimate, once.repeats.b], ['too-few', undefined, 1]);
  assert.ok(once.ratio! > 5);
  const invalid = (trial: CompletedTrial, index: number) =>
    index < 12 ? { ...trial, ledger: { ...trial.ledger, lost: 1 } } : trial;
  assert.equal(change(compared(run(), run({ alter: invalid })), 'latency.p50').outcome, 'too-few');
});

test('a figure that was not measured is reported as such, not compared with zero', () => {
  const failed = run({ alter: (trial) => failedFrom(trial, 'start', 'no') });
  const { outcome, ratio, b } = change(compared(run(), failed), 'latency.p50');
  assert.deepEqual([outcome, ratio, b], ['not-measured', undefined, undefined]);
});

test('CPU of cold trials is not compared', () => {
  const cold = (trial: CompletedTrial) => ({
    ...trial,
    window: { ...trial.window, warmupMs: 500, warmupOperations: 9 },
  });
  const { outcome, repeats } = change(compared(run(), run({ alter: cold })), 'cpu.serving.update');
  assert.deepEqual([outcome, repeats], ['too-few', { a: 5, b: 0 }]);
  assert.equal(change(compared(run(), run({ alter: cold })), 'bytes.total').repeats.b, 5);
});

test('a scenario with other parameters is refused unless forced; prose does not count', () => {
  const [chat] = scenarios;
  const more = run({ scenarios: [{ ...chat!, clients: 300 }] });
  const [refused] = compared(run(), more).scenarios;
  assert.deepEqual([refused?.status, refused?.parameters], ['refused', [{ what: 'clients', a: '200', b: '300' }]]);
  assert.equal(compared(run(), more, true).scenarios[0]?.status, 'compared');
  assert.equal(compared(run(), run({ rttMs: 80 })).scenarios[0]?.status, 'refused');
  const calm = run();
  const stormy = { ...calm, record: { ...calm.record, plan: { ...calm.record.plan, storm: 'node-killed' as const } } };
  assert.equal(compared(calm, stormy).scenarios[0]?.status, 'refused');
  const retold = run({ scenarios: [{ ...chat!, title: 'Room', summary: '' }] });
  assert.equal(compared(run(), retold).scenarios[0]?.status, 'compared');
});

test('circumstances that may explain a difference are listed', () => {
  const a = run();
  const { record, trials } = run({ repeats: 3, durationMs: 4_000, transports: ['sse', 'websocket'] });
  const environment = { ...record.environment, node: 'v22.0.0', cpuModel: 'Other CPU', kernel: '6.2.0' };
  const b = { record: { ...record, environment, seed: '43', profile: 'full' }, trials };
  const { machine, differences, scenarios: found } = compared(a, b);
  assert.deepEqual(machine, [{ what: 'CPU', a: 'Synthetic CPU at 2.80 GHz', b: 'Other CPU' }]);
  assert.deepEqual(
    differences.map(({ what }) => what),
    ['kernel', 'Node.js', 'transports', 'profile', 'seed'],
  );
  assert.deepEqual(
    found[0]?.times.map(({ what }) => what),
    ['window in ms', 'repeats'],
  );
  assert.deepEqual(compared(a, a).differences, []);
});

test('scenarios of one run only are named', () => {
  const { onlyIn, scenarios: shared } = compared(run({ scenarios: syntheticScenarios }), run());
  assert.deepEqual(onlyIn, { a: ['online-game', 'live-stream'], b: [] });
  assert.equal(shared.length, 1);
});

function verdicts(b: Run, limits: readonly Partial<Limit>[], force = false): readonly string[] {
  const pair = pairRuns(run({ seed: 1 }), b);
  const usual: Limit = { scenario: undefined, transport: 'websocket', figure: 'cpu.serving.update', worse: 0.1 };
  const full = limits.map((limit) => ({ ...usual, ...limit }));
  return judgeLimits(full, pair, compareRuns(pair, { force })).map(({ verdict }) => verdict);
}

test('a limit fails when B is worse by more and the data can tell', () => {
  const doubled = run({ seed: 2, alter: slower(2) });
  assert.deepEqual(verdicts(doubled, [{}, { worse: 1.5 }, { transport: 'sse' }]), ['failed', 'holds', 'holds']);
  assert.deepEqual(verdicts(run({ seed: 2, alter: slower(0.5) }), [{}]), ['holds']);
});

test('a limit does not fail on a difference that may be chance', () => {
  assert.deepEqual(verdicts(run({ seed: 2, repeats: 2, alter: slower(2) }), [{}]), ['untold']);
  const wild = (trial: CompletedTrial, index: number) => slower(index < 8 ? 9 : 0.5)(trial);
  assert.deepEqual(verdicts(run({ seed: 2, alter: wild }), [{}]), ['untold']);
});

test('a limit on a figure that was not compared fails', () => {
  const failed = run({ alter: (trial) => failedFrom(trial, 'start', 'no') });
  assert.deepEqual(verdicts(failed, [{}]), ['not-compared']);
  assert.deepEqual(verdicts(run({ rttMs: 80 }), [{}, { figure: 'bytes.total' }]), ['not-compared', 'not-compared']);
  assert.deepEqual(verdicts(run({ rttMs: 80 }), [{ figure: 'bytes.total' }], true), ['holds']);
});

test("a change in the small task on the server's core is reported, from scenarios that can be compared", () => {
  const cooled = (factor: number) => (trial: CompletedTrial) => {
    const noise = trial.noise!;
    return { ...trial, noise: { ...noise, tasks: noise.tasks!.map((t) => ({ ...t, medianUs: t.medianUs * factor })) } };
  };
  const toldOf = (a: Run, b: Run) => compared(a, b).differences.filter(({ what }) => what.startsWith('a small task'));
  assert.deepEqual(toldOf(run(), run({ alter: cooled(1.05) })), []);
  const told = { what: "a small task on the server's core, of the same work in both", a: '80 µs', b: '104 µs' };
  assert.deepEqual(toldOf(run(), run({ alter: cooled(1.3) })), [told]);
  // Another round-trip time is another load, which cools the caches differently.
  assert.deepEqual(toldOf(run(), run({ rttMs: 160, alter: cooled(1.3) })), []);
  // Both runs count the same cells even if trials failed, so the load alone makes no difference.
  const ofTheLoad = (trial: CompletedTrial) => cooled(trial.transport === 'websocket' ? 3 : 1)(trial);
  const failing = (trial: CompletedTrial) =>
    trial.transport === 'websocket' && trial.block > 0 ? failedFrom(trial, 'drain', 'gone') : ofTheLoad(trial);
  assert.deepEqual(toldOf(run({ alter: ofTheLoad }), run({ alter: failing })), []);
});
