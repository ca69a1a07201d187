import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseRun } from '../../analysis/comparison/run-analysis.ts';
import { syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { methodSection } from './method.ts';

/** The item about what clients add. `worksUs`: by transport and scenario. */
function told(worksUs: Readonly<Record<string, number>>): string | undefined {
  const run = syntheticRun({
    alter: (trial) => {
      const medianUs = worksUs[`${trial.transport} ${trial.scenario}`];
      return medianUs === undefined ? trial : { ...trial, clientWork: { medianUs, echoes: 60 } };
    },
  });
  return /What the clients’ own libraries add[^<]*/.exec(methodSection(analyseRun(run)).text)?.[0];
}

test('the method says what the clients add, where that was measured', () => {
  assert.equal(told({}), undefined);
  assert.match(
    told({ 'sse chat-room': 120, 'sse live-stream': 95, 'websocket chat-room': 71 })!,
    /inside the process: SSE 95\.0 µs to 120 µs, WebSocket 71\.0 µs\. A difference in latency no larger/,
  );
});
