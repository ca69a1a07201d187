import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import { type SyntheticOptions, syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { syntheticRoutes } from '../../testing/synthetic/synthetic-routes.ts';
import { syntheticScenarios } from '../../testing/synthetic/synthetic-scenarios.ts';
import { analyseRun } from '../comparison/run-analysis.ts';
import { stepTexts } from './path-steps.ts';
import { pathText } from './path-text.ts';
import { pathTables } from './paths.ts';

function tableOver(names: readonly string[], options: SyntheticOptions = {}) {
  const routes = names.map((name) => syntheticRoutes.find((route) => route.name === name)!);
  const scenarios = syntheticScenarios.slice(0, 1);
  const [table] = pathTables(analyseRun(syntheticRun({ scenarios, repeats: 5, routes, ...options })));
  return table!;
}

/** Scales the CPU of a trial, more for a second node, with a slight change from block to block. */
function withCpu(factor: number) {
  return (trial: CompletedTrial): CompletedTrial => {
    const several = trial.path.route?.name === 'nginx-2-nodes' ? factor : 1;
    const cpuWindowMs = (100 * several * (1 + 0.001 * ((trial.block + trial.position) % 3))) / trial.processes.length;
    return { ...trial, processes: trial.processes.map((each) => ({ ...each, role: 'server' as const, cpuWindowMs })) };
  };
}

test('the cost of the second node is stated against the same path with one', () => {
  const transports = ['sse', 'websocket'] as const;
  const table = tableOver(['direct', 'nginx', 'nginx-2-nodes'], { transports, alter: withCpu(1.3) });
  const [text, ...others] = stepTexts(table);
  assert.deepEqual(others, []);
  assert.match(
    text!,
    /^2 nodes instead of one, with the backplane that orders their stream \(nginx-2-nodes over nginx\): server CPU × 1\.30\d \(1\.\d+ to 1\.\d+\) for SSE and × 1\.30\d \(1\.\d+ to 1\.\d+\) for WebSocket; no clear difference in .*bytes at the sockets\.$/,
  );
  assert.ok(pathText(table).details.includes(text!));
});

test('one node less is stated without the backplane', () => {
  const transports = ['sse', 'websocket'] as const;
  const [text] = stepTexts(tableOver(['nginx-2-nodes', 'nginx'], { transports, alter: withCpu(1.3) }));
  assert.match(
    text!,
    /^One node instead of 2, without the backplane that ordered their stream \(nginx over nginx-2-nodes\): /,
  );
});

test('negligible changes are no difference, and transports without a verdict are not called alike', () => {
  const transports = ['sse', 'websocket'] as const;
  const routes = ['direct', 'nginx', 'nginx-2-nodes'];
  // Certain, but within what the table calls the same.
  const [text] = stepTexts(tableOver(routes, { transports, alter: withCpu(1.004) }));
  assert.match(text!, /: no clear difference in .*server CPU/);
  const alter = (trial: CompletedTrial) => {
    const { ledger } = trial;
    const lost = trial.transport === 'sse' && trial.block > 1 ? 1 : 0;
    return withCpu(1.3)({ ...trial, ledger: { ...ledger, lost, faults: lost > 0 ? ['one was lost'] : [] } });
  };
  const [other] = stepTexts(tableOver(routes, { transports, alter }));
  assert.match(other!, /server CPU × 1\.30\d \([^)]*\) for WebSocket/);
  assert.match(other!, /bytes at the sockets no clear difference for WebSocket/);
  assert.doesNotMatch(other!, /SSE/);
});

test('a second node is not mentioned if its ratio contains more, or if nothing was judged', () => {
  assert.deepEqual(stepTexts(tableOver(['direct', 'nginx-2-nodes'])), []);
  assert.deepEqual(stepTexts(tableOver(['direct', 'nginx', 'nginx-2-nodes'], { repeats: 2 })), []);
});

test('the cost of asking over HTTP/2 is stated against HTTP/1.1 over TLS, for polling transports', () => {
  const table = tableOver(['direct', 'tls', 'h2']);
  const texts = stepTexts(table);
  assert.equal(texts.length, 1);
  assert.match(
    texts[0]!,
    /^To ask once over HTTP\/2 takes headers and framing of [\d.]+ B up and [\d.]+ B down instead of [\d.]+ B up and [\d.]+ B down with short polling and [^;]* with long polling \(h2 over tls\)\.$/,
  );
  const medians = (place: number) => table.lines[place]!.cells[0]!.row.medians;
  assert.ok(medians(2)['bytes.request.up']! < medians(1)['bytes.request.up']! / 2);
  assert.deepEqual(stepTexts(tableOver(['direct', 'h2'])), []);
});
