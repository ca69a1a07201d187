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
