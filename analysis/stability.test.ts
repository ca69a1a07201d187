import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletedTrial, ProcessFigures } from '../results/schema.ts';
import { type SyntheticOptions, syntheticRun } from '../results/synthetic.ts';
import { syntheticScenarios } from '../results/synthetic-scenarios.ts';
import { analyseRun } from './run-analysis.ts';

function told(options: SyntheticOptions): readonly string[] {
  const run = syntheticRun({ scenarios: syntheticScenarios.slice(0, 1), repeats: 5, ...options });
  return analyseRun(run).warnings.map(({ code, severity, text }) => `${severity} ${code}: ${text}`);
}

function withServerCpu(trial: CompletedTrial, factor: number): CompletedTrial {
  const set = (process: ProcessFigures) =>
    process.role === 'server' ? { ...process, cpuWindowMs: process.cpuWindowMs * factor } : process;
  return { ...trial, processes: trial.processes.map(set) };
}

test('repeats that only scatter are not remarked on', () => {
  const runs = 40;
  const remarked = Array.from({ length: runs }, (_, seed) => told({ seed: seed + 1 })).filter(
    ({ length }) => length > 0,
  );
  // Two families at 5% each, less what is too small for a word.
  assert.ok(remarked.length <= 8, `${remarked.length} of ${runs}`);
});

test('server CPU that rises block by block is drift, in all transports and once', () => {
  const [warning, ...others] = told({ alter: (trial) => withServerCpu(trial, 1.15 ** trial.block) });
  assert.match(warning!, /^caution drift: Chat room: server CPU, per published update rose by \d\d% over the run/);
  assert.deepEqual(others, []);
});

test('three blocks are enough where four transports go the same way', () => {
  const found = told({ repeats: 3, alter: (trial) => withServerCpu(trial, 1.3 ** -trial.block) });
  assert.match(found.join(), /drift: Chat room: server CPU.* fell by/);
});

test('a drift that is certain and small is not worth a word', () => {
  const alter = (trial: CompletedTrial) => {
    const set = (process: ProcessFigures) => ({ ...process, cpuWindowMs: 100 * 1.005 ** trial.block });
    return { ...trial, processes: trial.processes.map(set) };
  };
  assert.deepEqual(told({ alter }), []);
});

test('cores that become slower are drift, whatever the figures say', () => {
  const alter = (trial: CompletedTrial) => {
    const noise = trial.noise!;
    const spins = noise.spins.map((spin) => ({ ...spin, fastestUs: spin.fastestUs * 1.04 ** trial.block }));
    return { ...trial, noise: { ...noise, spins } };
  };
  assert.match(told({ alter }).join(), /drift: The time that the same work takes rose by (1\d|2[01])%/);
});

test('one repeat far from the others is named with its block, and still counts', () => {
  const alter = (trial: CompletedTrial) =>
    trial.transport === 'sse' && trial.block === 2 ? withServerCpu(trial, 3) : trial;
  const found = told({ alter });
  assert.equal(found.length, 1);
  assert.match(
    found[0]!,
    /^caution outlier: Chat room, SSE: server CPU, per published update of block 2 is \d+% above/,
  );
  const run = syntheticRun({ scenarios: syntheticScenarios.slice(0, 1), repeats: 5, alter });
  const sse = analyseRun(run).scenarios[0]!.transports.find(({ transport }) => transport === 'sse')!;
  assert.equal(sse.valid.length, 5);
});

/** As if the core had charged whoever woke up on it so much more. */
function withTask(trial: CompletedTrial, factor: number): CompletedTrial {
  const noise = trial.noise!;
  return { ...trial, noise: { ...noise, tasks: noise.tasks!.map((t) => ({ ...t, medianUs: t.medianUs * factor })) } };
}

test('a task that takes another time from repeat to repeat is told; one that depends on the load alone is not', () => {
  const scattered = told({ alter: (trial) => withTask(trial, [1, 1.3, 0.8, 1.2, 1][trial.block]!) });
  assert.deepEqual(scattered.length, 1);
  assert.match(
    scattered[0]!,
    /^caution unsteady: The same small task on the server's core differed by 2\d% from repeat to repeat/,
  );
  const ofTheLoad = { 'short-polling': 1, 'long-polling': 2, sse: 0.5, websocket: 3 } as const;
  assert.deepEqual(told({ alter: (trial) => withTask(trial, ofTheLoad[trial.transport]) }), []);
  assert.deepEqual(told({ alter: (trial) => withTask(trial, [1, 1.05, 0.95, 1.1, 1][trial.block]!) }), []);
});

test('without repeats, or in records that know no task, nothing is said of it', () => {
  assert.deepEqual(told({ repeats: 1, alter: (trial, index) => withTask(trial, 1 + index) }), []);
  const older = (trial: CompletedTrial) => ({ ...trial, noise: { ...trial.noise!, tasks: undefined } });
  assert.deepEqual(told({ alter: older }), []);
});
