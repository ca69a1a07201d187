import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletedTrial, ProcessFigures } from '../../results/schema/schema.ts';
import { failedFrom, type SyntheticOptions, syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { syntheticRoutes } from '../../testing/synthetic/synthetic-routes.ts';
import { syntheticScenarios } from '../../testing/synthetic/synthetic-scenarios.ts';
import { questionNames } from '../figures/question.ts';
import { sentenceOf, sentenceParts } from '../verdict/verdict.ts';
import { type Comparison, comparisonOf, undefeated } from './comparison.ts';
import { analyseRun, type RunAnalysis } from './run-analysis.ts';

/** Sets the server CPU of a trial, in milliseconds. */
function withServerCpu(trial: CompletedTrial, cpuWindowMs: number): CompletedTrial {
  const set = (process: ProcessFigures) => (process.role === 'server' ? { ...process, cpuWindowMs } : process);
  return { ...trial, processes: trial.processes.map(set) };
}

function analysed(options: SyntheticOptions, reference?: 'websocket' | 'sse'): RunAnalysis {
  return analyseRun(
    syntheticRun({ scenarios: syntheticScenarios.slice(0, 1), ...options }),
    reference && { reference },
  );
}

function find({ scenarios }: RunAnalysis, question: string, transport: string, reference: string): Comparison {
  const found = scenarios[0]!.comparisons.find(
    (each) => each.question === question && each.transport === transport && each.reference === reference,
  );
  assert.ok(found, `${question} ${transport} ${reference}`);
  return found;
}

test('a clear win is stated with ratio and interval', () => {
  const comparison = find(analysed({ repeats: 5 }), 'freshness', 'websocket', 'short-polling');
  assert.equal(comparison.outcome, 'lower');
  assert.equal(comparison.ratios.length, 5);
  assert.match(
    sentenceOf(comparison),
    /^WebSocket delivers 1\d\.\d times sooner than short polling \(1\d\.\d to 1\d\.\d\)\.$/,
  );
  assert.match(sentenceParts(comparison)[1], /^1\d\.\d times$/);
});

test('the inverse comparison is a loss of the same size', () => {
  const comparison = find(analysed({ repeats: 5 }, 'websocket'), 'freshness', 'short-polling', 'websocket');
  assert.equal(comparison.outcome, 'higher');
  assert.match(
    sentenceOf(comparison),
    /^Short polling delivers 1\d\.\d times later than WebSocket \(1\d\.\d to 1\d\.\d\)\.$/,
  );
});

test('a tie is not ranked', () => {
  const cpu = [10, 11, 9, 10.5, 9.5, 10];
  const alter = (trial: CompletedTrial, index: number) => withServerCpu(trial, cpu[index % cpu.length]!);
  const comparison = find(analysed({ repeats: 3, alter }), 'server-cpu', 'websocket', 'sse');
  assert.equal(comparison.outcome, 'cannot-tell');
  assert.match(
    sentenceOf(comparison),
    /^Cannot tell SSE and WebSocket apart in server CPU: ratio \d\.\d+ \(0\.\d+ to 1\.\d+\)\.$/,
  );
});

test('behind a proxy CPU includes NGINX and the backplane, because work that they take over is not saved', () => {
  const ms: Readonly<Record<string, Partial<Record<ProcessFigures['role'], number>>>> = {
    sse: { server: 40, proxy: 15, backplane: 5 },
    websocket: { server: 10, proxy: 120, backplane: 60 },
  };
  const alter = (trial: CompletedTrial) => {
    const wobble = 1 + 0.0001 * trial.block;
    const set = (process: ProcessFigures) => ({
      ...process,
      cpuWindowMs: (ms[trial.transport]?.[process.role] ?? 0) * wobble,
    });
    return { ...trial, processes: trial.processes.map(set) };
  };
  const routes = syntheticRoutes.filter(({ name }) => name === 'nginx-2-nodes');
  const comparison = find(
    analysed({ routes, alter, transports: ['sse', 'websocket'] }),
    'server-cpu',
    'websocket',
    'sse',
  );
  assert.equal(sentenceOf(comparison), 'WebSocket takes 2 times more server CPU than SSE (2 to 2).');
});

test('small but certain differences are stated in percent', () => {
  const alter = (trial: CompletedTrial) =>
    withServerCpu(trial, (trial.transport === 'sse' ? 104 : 100) * (1 + 0.0001 * trial.block));
  const comparison = find(analysed({ repeats: 3, alter }), 'server-cpu', 'sse', 'short-polling');
  assert.equal(sentenceOf(comparison), 'SSE takes 4.00% more server CPU than short polling (4.00% to 4.00%).');
  const reversed = find(analysed({ repeats: 3, alter }), 'server-cpu', 'websocket', 'sse');
  assert.equal(sentenceOf(reversed), 'WebSocket takes 3.85% less server CPU than SSE (3.85% to 3.85%).');
});

test('readings that a histogram cannot tell apart are a tie', () => {
  const alter = (trial: CompletedTrial) => {
    if (trial.transport === 'short-polling') return trial;
    const p50Ms = trial.transport === 'sse' ? 41.055 : 41.087;
    return { ...trial, latency: { ...trial.latency, delivery: { ...trial.latency.delivery, p50Ms } } };
  };
  assert.equal(find(analysed({ alter }), 'freshness', 'websocket', 'sse').outcome, 'cannot-tell');
});

test('one or two repeats are never judged', () => {
  for (const repeats of [1, 2]) {
    const { scenarios } = analysed({ repeats });
    assert.equal(scenarios[0]!.judged, false);
    for (const { comparisons } of scenarios) {
      assert.ok(comparisons.every(({ outcome, adjustedP }) => outcome === 'too-few' && adjustedP === undefined));
    }
  }
  const two = find(analysed({ repeats: 2 }), 'bytes', 'sse', 'short-polling');
  assert.ok(two.estimate);
  assert.equal(
    sentenceOf(two),
    'No verdict on bytes of short polling and SSE: only 2 pairs of valid repeats to compare.',
  );
});

test('invalid and failed trials are left out together with their block', () => {
  const alter = (trial: CompletedTrial) => {
    if (trial.transport === 'sse' && trial.block === 0) return failedFrom(trial, 'drain', 'died');
    return trial.transport === 'sse' && trial.block === 1 ? { ...trial, ledger: { ...trial.ledger, lost: 1 } } : trial;
  };
  const analysis = analysed({ repeats: 4, alter });
  const hit = find(analysis, 'freshness', 'sse', 'short-polling');
  assert.deepEqual(
    hit.ratios.map(({ block }) => block),
    [2, 3],
  );
  assert.equal(hit.outcome, 'too-few');
  assert.equal(find(analysis, 'freshness', 'websocket', 'short-polling').ratios.length, 4);
  const row = analysis.scenarios[0]!.transports.find(({ transport }) => transport === 'sse')!;
  assert.deepEqual([row.completed.length, row.valid.length, row.failed.length], [3, 2, 1]);
  assert.deepEqual(
    analysis.trialWarnings.filter(({ warning }) => warning.severity === 'invalid').map(({ trials }) => trials.length),
    [1],
  );
});

test('cold trials count for everything except CPU', () => {
  const alter = (trial: CompletedTrial) => ({ ...trial, window: { ...trial.window, warmupOperations: 10 } });
  const analysis = analysed({ alter });
  assert.equal(find(analysis, 'server-cpu', 'sse', 'short-polling').outcome, 'too-few');
  assert.equal(find(analysis, 'bytes', 'sse', 'short-polling').outcome, 'lower');
});

test('a difference that is significant only by itself is not claimed among many', () => {
  // t = 5.4 at two degrees of freedom: p = 0.03 alone, and there are nine tests.
  const factors = [1.05, 1.08, 1.1];
  const alter = (trial: CompletedTrial) =>
    withServerCpu(trial, trial.transport === 'sse' ? 100 * factors[trial.block]! : 100);
  const comparison = find(analysed({ alter }), 'server-cpu', 'sse', 'short-polling');
  assert.equal(comparison.outcome, 'cannot-tell');
  assert.match(sentenceOf(comparison), /\(1\.0\d to 1\.\d\d\), not clear enough among so many comparisons\.$/);
});

test('a run without the wanted reference is compared with its first transport', () => {
  const { reference, scenarios } = analysed({ transports: ['sse', 'websocket'] });
  assert.equal(reference, 'sse');
  assert.equal(scenarios[0]!.comparisons.length, questionNames.length);
  assert.equal(analysed({ transports: ['sse'] }).scenarios[0]!.comparisons.length, 0);
});

test('a pair can be compared in either direction', () => {
  const { comparisons } = analysed({ repeats: 5 }).scenarios[0]!;
  const straight = comparisonOf(comparisons, 'bytes', 'sse', 'short-polling')!;
  const turned = comparisonOf(comparisons, 'bytes', 'short-polling', 'sse')!;
  assert.deepEqual([straight.outcome, turned.outcome], ['lower', 'higher']);
  assert.ok(Math.abs(straight.estimate!.low * turned.estimate!.high - 1) < 1e-12);
  assert.deepEqual(
    turned.ratios.map(({ block, ratio }) => [block, 1 / ratio]),
    straight.ratios.map(({ block, ratio }) => [block, ratio]),
  );
  assert.equal(comparisonOf(comparisons, 'bytes', 'sse', 'sse'), undefined);
});

test('undefeated are transports that no other beats; those without a verdict are left out', () => {
  const cpu: Readonly<Record<string, number>> = { 'short-polling': 100, 'long-polling': 50, sse: 50, websocket: 70 };
  const wobble = [1, 1.01, 0.99];
  const alter = (trial: CompletedTrial, index: number) =>
    trial.transport === 'websocket' && trial.block < 2
      ? failedFrom(trial, 'drain', 'died')
      : withServerCpu(trial, cpu[trial.transport]! * wobble[(trial.block + (index % 4)) % 3]!);
  const { comparisons, transports } = analysed({ alter }).scenarios[0]!;
  const names = transports.map(({ transport }) => transport);
  assert.deepEqual(undefeated(comparisons, 'server-cpu', names), ['long-polling', 'sse']);
  assert.deepEqual(undefeated(comparisons, 'server-cpu', ['websocket', 'sse']), []);
});

test('memory is a family of its own: it is judged with many clients, and makes no other question harder', () => {
  const [chat] = syntheticScenarios;
  const small = analysed({ repeats: 5 });
  const large = analysed({ repeats: 5, scenarios: [{ ...chat!, clients: 1_000 }] });
  assert.equal(find(small, 'memory', 'sse', 'short-polling').outcome, 'too-few');
  const twice = (trial: CompletedTrial) => ({
    ...trial,
    processes: trial.processes.map((each) => ({
      ...each,
      connectedRssBytes:
        each.idleRssBytes + (trial.transport === 'sse' ? 2 : 1) * (21_000_000 + 1_000 * (trial.block + trial.position)),
    })),
  });
  const doubled = analysed({ repeats: 5, scenarios: [{ ...chat!, clients: 1_000 }], alter: twice });
  const comparison = find(doubled, 'memory', 'sse', 'short-polling');
  assert.equal(comparison.outcome, 'higher');
  assert.match(
    sentenceOf(comparison),
    /^SSE takes 2\.00 times more server memory than short polling \(2\.00 to 2\.00\)\.$/,
  );
  const others = ({ scenarios }: RunAnalysis) =>
    scenarios[0]!.comparisons.filter(({ question }) => question !== 'memory').map(({ adjustedP }) => adjustedP);
  assert.deepEqual(others(doubled), others(large));
});
