import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RunAnalysis } from '../../analysis/comparison/run-analysis.ts';
import type { TransportAnalysis } from '../../analysis/validity/assessment.ts';
import type { LinkConditions } from '../../network/link/path.ts';
import { directRoute } from '../../network/route/route.ts';
import { plainLoad } from '../../scenarios/catalogue/plain-load.ts';
import { plainAnalysis, plainRow } from '../../testing/by-hand/plain-analysis.ts';
import { handCalibration, handPath } from '../../testing/by-hand/plain-calibration.ts';
import { plainPrediction, plainQuestion } from '../../testing/by-hand/plain-prediction.ts';
import { plainRecord } from '../../testing/by-hand/plain-run.ts';
import { plainTrial } from '../../testing/by-hand/plain-trial.ts';
import type { NumbersData } from '../prediction/your-numbers.ts';
import { modelSection } from './model.ts';

const data: NumbersData = {
  calibration: handCalibration,
  path: handPath,
  from: 'of this run',
  phrase: undefined,
  pathOptions: '',
  usual: {
    clients: 50,
    channels: 5,
    perSecond: 2,
    payloadBytes: 99,
    pollIntervalMs: 1500,
    rttMs: 40,
    toleranceMs: 0,
    semantics: 'every',
  },
};

type Altered = {
  readonly scenario?: object;
  readonly link?: Partial<LinkConditions>;
  readonly plan?: Partial<RunAnalysis['run']['record']['plan']>;
};

const { latency } = plainPrediction();

/** The load that `plainPrediction` is about. */
function analysisOf(rows: readonly TransportAnalysis[], { scenario = {}, link = {}, plan = {} }: Altered = {}) {
  const analysed = plainAnalysis(rows, { scenario: { ...plainQuestion.scenario, ...scenario } });
  const conditions = { ...plainRecord.plan.link, rttMs: 40, ...link };
  const record = { ...plainRecord, plan: { ...plainRecord.plan, link: conditions, ...plan } };
  return {
    run: { record, trials: [] },
    reference: 'short-polling',
    scenarios: [analysed],
    warnings: [],
    trialWarnings: [],
  } as RunAnalysis;
}

/** An update a second, as planned. */
const trial = plainTrial({ transport: 'websocket', updates: { ...plainTrial().updates, accepted: 30 } });
const found = { 'latency.mean': latency.mean.value / 1.25, 'latency.p50': latency.p50.value };
const measured = [plainRow('websocket', found, [trial])];

function textOf(analysis: RunAnalysis, altered: Partial<NumbersData> = {}): string {
  const section = modelSection(analysis, { ...data, ...altered });
  return section ? section.text : '';
}

describe('the model beside what was measured', () => {
  const text = textOf(analysisOf(measured));

  test('whose calibration it is, and a table for the scenario', () => {
    assert.match(text, /with the calibration of this run/);
    assert.match(text, new RegExp(`<summary>${plainLoad.title}</summary>`));
  });

  test('a prediction that is a quarter too large stands out', () => {
    assert.match(text, /latency, mean<\/td><td>[^<]+<\/td><td>[^<]+<\/td><td><strong>\+25%<\/strong>/);
  });

  test('one within its interval does not', () => {
    assert.match(text, /latency, p50<\/td><td>[^<]+<\/td><td>[^<]+<\/td><td>0%<\/td>/);
  });

  test('a transport without a valid trial has no rows', () => {
    const without = plainRow('sse', {}, []);
    assert.ok(!textOf(analysisOf([...measured, without])).includes('SSE'));
    assert.equal(textOf(analysisOf([without])), '');
  });
});

describe('what the model does not cover is left out', () => {
  const arrivals = { kind: 'constant', perSecond: 1 };
  const cases: Readonly<Record<string, Altered>> = {
    broadcasts: { scenario: { broadcast: { arrivals, payload: { kind: 'notice', bytes: 100 } } } },
    cohorts: { scenario: { pollCohortsMs: [1000, 2000] } },
    jitter: { link: { jitterMs: 5 } },
    loss: { link: { lossShare: 0.01 } },
    'a limited link': { link: { bandwidthBitsPerSecond: 1e6 } },
    storms: { plan: { storm: 'node-killed' } },
  };
  for (const [name, altered] of Object.entries(cases)) {
    test(name, () => assert.equal(textOf(analysisOf(measured, altered)), ''));
  }

  test('requests that were longer in the calibration', () => {
    const route = { ...directRoute, name: 'direct', cookieBytes: 100 };
    assert.equal(textOf(analysisOf(measured), { path: { ...handPath, route } }), '');
  });
});
