import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Transport } from '../protocol/transport.ts';
import type { CompletedTrial } from '../results/schema.ts';
import { failedFrom, type SyntheticOptions, syntheticRun } from '../results/synthetic.ts';
import { syntheticScenarios } from '../results/synthetic-scenarios.ts';
import { gapOf } from './gap.ts';
import { headlineOf } from './headline.ts';
import { analyseRun } from './run-analysis.ts';

/** Server CPU is what the test says, so that who wins is known. */
function withCpu(cpu: Readonly<Record<Transport, number>>): (trial: CompletedTrial) => CompletedTrial {
  return (trial) => {
    const wobble = 1 + 0.01 * Math.sin(7 * trial.block + 3 * trial.position);
    const processes = trial.processes.map((each) =>
      each.role === 'server' ? { ...each, cpuWindowMs: cpu[trial.transport] * wobble } : each,
    );
    return { ...trial, processes };
  };
}

function told(options: SyntheticOptions, reference: Transport = 'short-polling') {
  const run = syntheticRun({ scenarios: syntheticScenarios.slice(0, 1), ...options });
  const analysis = analyseRun(run, { reference });
  const scenario = analysis.scenarios[0]!;
  return { ...headlineOf(scenario, 'server-cpu', reference), gap: gapOf(scenario, 'server-cpu', run.record) };
}

const clear = { 'short-polling': 200, 'long-polling': 150, sse: 100, websocket: 50 };

test('one best: by how much against the reference', () => {
  assert.match(
    told({ alter: withCpu(clear) }).sentence!,
    /^WebSocket takes the least server CPU: [34]\.\d\d times \(\d\.\d\d to \d\.\d\d\) less than short polling\.$/,
  );
});

test('the reference itself is best: by how much against the next', () => {
  assert.match(
    told({ alter: withCpu(clear) }, 'websocket').sentence!,
    /^WebSocket takes the least server CPU: [12]\.\d\d times \(\d\.\d\d to \d\.\d\d\) less than SSE, the next\.$/,
  );
});

test('several best, each with its ratio', () => {
  assert.match(
    told({ alter: withCpu({ ...clear, sse: 50 }) }).sentence!,
    /^SSE and WebSocket take the least server CPU and cannot be told apart: SSE \d\.\d\d times \(.*\), WebSocket \d\.\d\d times \(.*\) less than short polling\.$/,
  );
});

test('all alike: cannot tell, with every ratio', () => {
  assert.match(
    told({ alter: withCpu({ 'short-polling': 50, 'long-polling': 50, sse: 50, websocket: 50 }) }).sentence!,
    /^Cannot tell short polling, long polling, SSE and WebSocket apart in server CPU: to short polling the ratio is 1?0?\.?\d+ \(.*\) for long polling, .* for SSE, .* for WebSocket\.$/,
  );
});

test('what could not be judged is named apart', () => {
  const died = (trial: CompletedTrial) =>
    trial.transport === 'websocket' && trial.block === 0 ? failedFrom(trial, 'drain', 'died') : withCpu(clear)(trial);
  const { sentence, unjudged } = told({ alter: died });
  assert.match(sentence!, /^SSE takes the least server CPU/);
  assert.deepEqual(unjudged, ['websocket']);
});

test('no verdict comes with a reason, and with the command that gives one', () => {
  const once = told({ repeats: 1 });
  assert.equal(once.sentence, undefined);
  assert.deepEqual(once.gap, {
    reason: 'verdicts need 3 repeats, this run planned 1',
    command: 'pvw run chat-room --repeats 3',
  });
  const cold = told({ alter: (trial) => ({ ...trial, window: { ...trial.window, warmupOperations: 2_500 } }) });
  assert.equal(cold.sentence, undefined);
  assert.match(cold.gap.command, /^pvw run chat-room --warmup 20s$/);
  const alone = told({ transports: ['sse'] });
  assert.match(alone.gap.reason, /^only one transport was measured/);
  const invalid = told({ alter: (trial) => ({ ...trial, ledger: { ...trial.ledger, lost: 1 } }) });
  assert.equal(invalid.gap.reason, 'fewer than three valid repeats to compare');
});

test('memory asks for more clients; a scenario of the user repeats the command of the run, quoted', () => {
  const own = { ...syntheticScenarios[0]!, name: 'of-my-own' };
  const run = syntheticRun({ scenarios: [own] });
  const record = { ...run.record, command: ['pvw', 'run', 'my own.yaml'] };
  const { scenarios } = analyseRun({ ...run, record });
  assert.equal(gapOf(scenarios[0]!, 'memory', record).command, "pvw run 'my own.yaml' --clients 1000");
});

test('where a thousand clients would be too much, a lighter scenario shows what a connection takes', () => {
  const run = syntheticRun();
  const { scenarios } = analyseRun(run);
  assert.equal(
    gapOf(scenarios[1]!, 'memory', run.record).command,
    'pvw run notifications --clients 1000 --channels 1000 --repeats 3',
  );
});
