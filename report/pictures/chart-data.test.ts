import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseRun } from '../../analysis/comparison/run-analysis.ts';
import { byteLayers } from '../../analysis/figures/byte-layers.ts';
import type { Run } from '../../results/schema/schema.ts';
import { failedFrom, syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { chartData } from './chart-data.ts';

test('charts draw the measured values', () => {
  const analysis = analyseRun(syntheticRun());
  const [chat] = chartData(analysis).scenarios;
  const [polled] = analysis.scenarios[0]!.transports;
  assert.equal(chat!.stale.bars[0]!.median, Number(polled!.medians.stale!.toPrecision(6)));
  assert.equal(chat!.cpu.bars[0]!.repeats.length, 3);
  for (const { layers, total } of chat!.bytes.bars) {
    assert.ok(Math.abs(layers.reduce((sum, layer) => sum + layer, 0) / total - 1) < 0.001);
  }
  const half = chat!.spectrum.lines[0]!.points.find(([nines]) => nines >= Math.log10(2))!;
  assert.ok(Math.abs(half[1] / polled!.medians['latency.p50']! - 1) < 0.1);
});

test('the bytes have a TLS layer only if the path has TLS', () => {
  const place = byteLayers.findIndex(({ layer }) => layer === 'tls');
  const tls = { setUpUp: 500, setUpDown: 1_500, windowUp: 66_000, windowDown: 220_000 };
  const encrypted = syntheticRun({
    alter: (trial) => ({ ...trial, bytes: { ...trial.bytes, tls } }),
  });
  const bars = (run: Run) => chartData(analyseRun(run)).scenarios.flatMap(({ bytes }) => bytes.bars);
  for (const { layers } of bars(syntheticRun())) assert.equal(layers[place], 0);
  for (const { layers, total } of bars(encrypted)) {
    assert.ok(layers[place]! > 0);
    assert.ok(Math.abs(layers.reduce((sum, layer) => sum + layer, 0) / total - 1) < 0.001);
  }
});

test('invalid and failed trials are not drawn', () => {
  const run = syntheticRun({
    alter: (trial) => {
      if (trial.transport === 'sse') return failedFrom(trial, 'start', 'no port');
      return trial.transport === 'websocket' ? { ...trial, ledger: { ...trial.ledger, lost: 1 } } : trial;
    },
  });
  for (const { spectrum, bytes, cpu } of chartData(analyseRun(run)).scenarios) {
    for (const shown of [spectrum.lines, bytes.bars, cpu.bars]) {
      assert.deepEqual(
        shown.map(({ transport }) => transport),
        ['short-polling', 'long-polling'],
      );
    }
  }
});

test('a line of the spectrum ends where a stall of the instrument made the rest', () => {
  const lastNines = (gapShare: number) => {
    const run = syntheticRun({
      alter: (trial) => {
        const gapMs = trial.block === 0 ? gapShare * trial.window.durationMs : 0;
        return { ...trial, stalls: { gapMs, gaps: [], lateMs: 1, lateUpdates: 0 } };
      },
    });
    return chartData(analyseRun(run)).scenarios[0]!.spectrum.lines.map(({ points }) => points.at(-1)?.[0]);
  };
  assert.ok(lastNines(0).every((nines) => nines! > 2));
  // Points are a fortieth of a nine apart.
  assert.deepEqual(lastNines(0.0101), [1.975, 1.975, 1.975, 1.975]);
  assert.deepEqual(lastNines(1), [0, 0, 0, 0]);
});

test('the marks fit the path', () => {
  const marks = (rttMs: number) =>
    chartData(analyseRun(syntheticRun({ rttMs }))).scenarios.map(({ spectrum }) => spectrum.marks);
  const [chat, game] = marks(40);
  assert.deepEqual(chat![0], { name: 'one round trip, 40 ms', ms: 40, isFloor: true });
  assert.deepEqual(game![0], { name: 'half a round trip, 20 ms', ms: 20, isFloor: true });
  assert.deepEqual(
    marks(0)[0]!.map(({ name }) => name),
    ['poll interval'],
  );
});
