import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletedTrial, ProcessFigures } from '../../results/schema/schema.ts';
import { failedFrom, type SyntheticOptions, syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { syntheticRoutes } from '../../testing/synthetic/synthetic-routes.ts';
import { syntheticScenarios } from '../../testing/synthetic/synthetic-scenarios.ts';
import { questionNames } from '../figures/question.ts';
import { holm, pairedRatio } from '../statistics/statistics.ts';
import { sentenceOf, sentenceParts } from '../verdict/verdict.ts';
import { type Comparison, comparisonOf, notRuledOut, undefeated } from './comparison.ts';
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
  const swings = [1.3, 0.8, 1];
  const alter = (trial: CompletedTrial) =>
    withServerCpu(trial, trial.transport === 'sse' ? 10 * swings[trial.block]! : 10);
  const comparison = find(analysed({ repeats: 3, alter }), 'server-cpu', 'websocket', 'sse');
  assert.equal(comparison.outcome, 'cannot-tell');
  assert.match(
    sentenceOf(comparison),
    /^Cannot tell SSE and WebSocket apart in server CPU: ratio 0\.99 \(0\.\d+ to 1\.\d+\)\.$/,
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
  assert.equal(sentenceOf(comparison), 'WebSocket takes 2 times more server CPU than SSE (2.00 to 2.00).');
});

test('small but certain differences are stated in percent', () => {
  const alter = (trial: CompletedTrial) =>
    withServerCpu(trial, (trial.transport === 'sse' ? 120 : 100) * (1 + 0.0001 * trial.block));
  const comparison = find(analysed({ repeats: 3, alter }), 'server-cpu', 'sse', 'short-polling');
  assert.equal(sentenceOf(comparison), 'SSE takes 20.0% more server CPU than short polling (20.0% to 20.0%).');
  const reversed = find(analysed({ repeats: 3, alter }), 'server-cpu', 'websocket', 'sse');
  assert.equal(sentenceOf(reversed), 'WebSocket takes 16.7% less server CPU than SSE (16.7% to 16.7%).');
});

test('a certain difference that is too small to count makes two equal', () => {
  const alter = (trial: CompletedTrial) =>
    withServerCpu(trial, (trial.transport === 'sse' ? 104 : 100) * (1 + 0.0001 * trial.block));
  const comparison = find(analysed({ repeats: 3, alter }), 'server-cpu', 'sse', 'short-polling');
  assert.equal(comparison.outcome, 'equal');
  assert.equal(
    sentenceOf(comparison),
    'Short polling and SSE are equal in server CPU within 10%: ratio 1.040 (1.040 to 1.040).',
  );
  const { comparisons } = analysed({ repeats: 3, alter }).scenarios[0]!;
  assert.deepEqual(undefeated(comparisons, 'server-cpu', ['short-polling', 'sse']), ['short-polling', 'sse']);
});

test('readings that a histogram cannot tell apart are equal', () => {
  const alter = (trial: CompletedTrial) => {
    if (trial.transport === 'short-polling') return trial;
    const p50Ms = trial.transport === 'sse' ? 41.055 : 41.087;
    return { ...trial, latency: { ...trial.latency, delivery: { ...trial.latency.delivery, p50Ms } } };
  };
  const comparison = find(analysed({ alter }), 'freshness', 'websocket', 'sse');
  assert.equal(comparison.outcome, 'equal');
  assert.equal(comparison.adjustedP, 1);
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
    'No verdict on bytes at the sockets of short polling and SSE: only 2 pairs of valid repeats to compare.',
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

test('a difference that is significant only by itself is not claimed among many, and is no tie', () => {
  // Long polling, SSE and WebSocket each lie about 1.3 above short polling, with p of 0.02 to 0.05, times 6.
  const cpu: Readonly<Record<string, readonly number[]>> = {
    'short-polling': [100, 100, 100],
    'long-polling': [115, 140, 135],
    sse: [140, 115, 135],
    websocket: [135, 140, 115],
  };
  const alter = (trial: CompletedTrial) => withServerCpu(trial, cpu[trial.transport]![trial.block]!);
  const analysis = analysed({ alter });
  const comparison = find(analysis, 'server-cpu', 'sse', 'short-polling');
  assert.ok(comparison.estimate!.pValue < 0.05 && comparison.adjustedP! > 0.05, `${comparison.adjustedP}`);
  assert.equal(comparison.outcome, 'unresolved');
  assert.match(
    sentenceOf(comparison),
    /^Not enough repeats to tell short polling and SSE apart in server CPU: ratio 1\.\d\d \(1\.\d\d to 1\.\d\d\)\.$/,
  );
  const { comparisons, transports } = analysis.scenarios[0]!;
  const names = transports.map(({ transport }) => transport);
  assert.deepEqual(undefeated(comparisons, 'server-cpu', names), ['short-polling']);
  assert.deepEqual(notRuledOut(comparisons, 'server-cpu', names), ['long-polling', 'sse', 'websocket']);
});

test('freshness and bytes share a family, server CPU is one of all pairs, whatever the reference', () => {
  const cpuOf = (reference: 'websocket' | 'sse') =>
    new Map(
      analysed({ repeats: 4 }, reference)
        .scenarios[0]!.comparisons.filter(({ question }) => question === 'server-cpu')
        .map((each) => [[each.transport, each.reference].sort().join(), each.adjustedP]),
    );
  assert.equal(cpuOf('websocket').size, 6);
  assert.deepEqual([...cpuOf('websocket')].sort(), [...cpuOf('sse')].sort());
  // Two questions of three pairs against the reference.
  const { comparisons } = analysed({ repeats: 4 }).scenarios[0]!;
  const against = comparisons.filter(
    ({ question, reference }) => (question === 'freshness' || question === 'bytes') && reference === 'short-polling',
  );
  assert.deepEqual(
    against.map(({ adjustedP }) => adjustedP),
    holm(against.map(({ estimate }) => estimate!.pValue)),
  );
});

test('only blocks that are complete for all transports decide server CPU', () => {
  const alter = (trial: CompletedTrial) =>
    trial.transport === 'sse' && trial.block === 1 ? failedFrom(trial, 'drain', 'died') : trial;
  const analysis = analysed({ repeats: 5, alter });
  const blocksOf = (question: string, transport: string, reference: string) =>
    find(analysis, question, transport, reference).ratios.map(({ block }) => block);
  assert.deepEqual(blocksOf('server-cpu', 'websocket', 'short-polling'), [0, 2, 3, 4]);
  assert.deepEqual(blocksOf('server-cpu', 'sse', 'long-polling'), [0, 2, 3, 4]);
  assert.deepEqual(blocksOf('bytes', 'websocket', 'short-polling'), [0, 1, 2, 3, 4]);
});

test('a transport without enough usable readings of CPU does not take the verdict from the others', () => {
  const none = (trial: CompletedTrial) => {
    if (trial.transport === 'long-polling') return failedFrom(trial, 'connect', 'no');
    // A reading of 0 has no logarithm, and a cold trial no reading.
    if (trial.transport === 'sse') return withServerCpu(trial, 0);
    return trial;
  };
  const analysis = analysed({ repeats: 3, alter: none });
  assert.equal(find(analysis, 'server-cpu', 'websocket', 'short-polling').outcome, 'lower');
  assert.equal(find(analysis, 'server-cpu', 'sse', 'short-polling').outcome, 'too-few');
  assert.equal(find(analysis, 'server-cpu', 'websocket', 'sse').ratios.length, 0);
});

test('two transports are judged by the paired t, as if nothing were pooled', () => {
  const { ratios, estimate, adjustedP } = find(
    analysed({ repeats: 5, transports: ['sse', 'websocket'] }),
    'server-cpu',
    'websocket',
    'sse',
  );
  const paired = pairedRatio(ratios.map(({ ratio }) => ratio))!;
  for (const key of ['ratio', 'low', 'high'] as const)
    assert.ok(Math.abs(estimate![key] / paired[key] - 1) < 1e-8, key);
  assert.ok(Math.abs(adjustedP! - paired.pValue) < 1e-6);
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

test('beside the geometric mean over blocks stands the ratio of the medians, which tables show', () => {
  const cpu = { sse: [10, 20, 80], websocket: [10, 10, 10] };
  const run = analysed({
    repeats: 3,
    alter: (trial) => {
      const values = trial.transport === 'sse' ? cpu.sse : cpu.websocket;
      return {
        ...withServerCpu(trial, values[trial.block]!),
        updates: { ...trial.updates, intended: 100, published: 100, accepted: 100 },
      };
    },
  });
  const of = (transport: string, reference: string) => find(run, 'server-cpu', transport, reference);
  const sse = of('sse', 'short-polling');
  assert.ok(Math.abs(sse.estimate!.ratio - 16 ** (1 / 3)) < 1e-9);
  assert.equal(sse.ofMedians, 2);
  assert.equal(comparisonOf([sse], 'server-cpu', 'short-polling', 'sse')!.ofMedians, 0.5);
});
