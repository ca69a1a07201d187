import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { median } from 'simple-statistics';
import type { Run } from '../../results/schema/schema.ts';
import type { Point } from '../../scenarios/point.ts';
import { handPath } from '../../testing/by-hand/plain-calibration.ts';
import { syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { syntheticScenarios } from '../../testing/synthetic/synthetic-scenarios.ts';
import { analyseRun, type ScenarioAnalysis } from '../comparison/run-analysis.ts';
import { residualsOfScenario } from '../model/prediction/scenario-residuals.ts';
import { sweepOf } from './sweep.ts';

const scenarios = [{ ...syntheticScenarios[0]!, channels: 10 }];

function sweptRun(points: readonly Point[]): Run {
  const run = syntheticRun({ scenarios, transports: ['short-polling', 'websocket'], repeats: 3, points });
  return { ...run, record: { ...run.record, plan: { ...run.record.plan, shuffled: true } } };
}

/** As if bytes had been counted on the wire. */
function onWire(scenario: ScenarioAnalysis): ScenarioAnalysis {
  const bytes = { 'bytes.wire': 100, 'bytes.wire.down': 60, 'bytes.wire.up': 40 };
  const transports = scenario.transports.map((row) => ({ ...row, medians: { ...row.medians, ...bytes } }));
  return { ...scenario, place: 'wire', transports };
}

describe('along one axis', () => {
  const analysis = analyseRun(sweptRun([{ clients: 200 }, { clients: 60 }, { clients: 120 }]));
  const sweep = sweepOf(analysis, handPath)!;

  test('there is one row of panels, with a series for each transport', () => {
    assert.deepEqual([sweep.axis, sweep.rowAxis, sweep.rows.length], ['clients', undefined, 1]);
    const [{ panels }] = sweep.rows as [(typeof sweep.rows)[number]];
    assert.deepEqual(
      panels.map(({ figure, unit }) => [figure, unit]),
      [
        ['latency.mean', 'ms'],
        ['bytes.total', 'bytes'],
        ['cpu.serving', 'ms/s'],
      ],
    );
    for (const { series } of panels) {
      assert.deepEqual(
        series.map(({ transport, readings }) => [transport, readings.map(({ at }) => at)]),
        [
          ['short-polling', [60, 120, 200]],
          ['websocket', [60, 120, 200]],
        ],
      );
    }
  });

  test('a reading is the median of the repeats, and what the model predicts beside it', () => {
    const at60 = analysis.scenarios[1]!;
    const row = at60.transports[1]!;
    const residuals = residualsOfScenario(at60, analysis.run.record, handPath)[1]!.residuals;
    const expectedOf = (key: string) => residuals.find((each) => each.key === key)!.expected.value;
    const [latency, bytes, cpu] = sweep.rows[0]!.panels.map(({ series }) => series[1]!.readings[0]!);
    const wired = sweepOf({ ...analysis, scenarios: analysis.scenarios.map(onWire) }, handPath)!.rows[0]!.panels[1]!;
    const repeats = row.valid.map(({ figures }) => figures['latency.mean']!);
    assert.deepEqual(latency!.repeats, repeats);
    assert.equal(latency!.measured, median(repeats));
    assert.equal(latency!.predicted, expectedOf('latency.mean'));
    // Bytes at the sockets are no part of what is predicted.
    assert.equal(bytes!.predicted, undefined);
    const { measured, predicted } = wired.series[1]!.readings[0]!;
    assert.deepEqual([wired.figure, measured], ['bytes.wire', 100]);
    assert.equal(predicted, expectedOf('bytes.wire.down') + expectedOf('bytes.wire.up'));
    assert.equal(cpu!.predicted, expectedOf('cpu.serving'));
  });

  test('nothing is predicted without a calibration', () => {
    const readings = sweepOf(analysis, undefined)!.rows.flatMap(({ panels }) =>
      panels.flatMap(({ series }) => series.flatMap((each) => each.readings)),
    );
    assert.ok(readings.length > 0 && readings.every(({ predicted }) => predicted === undefined));
  });
});

test('along two axes the one with more values is that of the panels, the other that of the rows', () => {
  const points = [10, 80].flatMap((rttMs) => [60, 120, 200].map((clients) => ({ rttMs, clients })));
  const sweep = sweepOf(analyseRun(sweptRun(points)), undefined)!;
  assert.deepEqual([sweep.axis, sweep.rowAxis], ['clients', 'rttMs']);
  assert.deepEqual(
    sweep.rows.map(({ value }) => value),
    [10, 80],
  );
  const [near, far] = sweep.rows.map(({ panels }) => panels[0]!.series[1]!.readings.map(({ measured }) => measured));
  assert.ok(near!.every((ms) => ms < 40) && far!.every((ms) => ms > 60), `${near} ${far}`);
});

test('a run that is no sweep has none, and none of one value', () => {
  const run = syntheticRun({ scenarios, repeats: 1, points: [{ clients: 60 }, { clients: 120 }] });
  assert.equal(sweepOf(analyseRun(run), undefined), undefined);
  assert.equal(sweepOf(analyseRun(sweptRun([{ clients: 60 }])), undefined), undefined);
  const [first] = sweptRun([{ clients: 60 }, { clients: 120 }]).trials;
  const begun = { ...sweptRun([{ clients: 60 }, { clients: 120 }]), trials: [] };
  assert.ok(first);
  assert.equal(sweepOf(analyseRun(begun), undefined), undefined);
});
