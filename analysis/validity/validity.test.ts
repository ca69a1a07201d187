import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunRecord, TrialRecord } from '../../results/schema/schema.ts';
import { plainRecord, plainRun } from '../../testing/by-hand/plain-run.ts';
import { plainFailure, plainTrial } from '../../testing/by-hand/plain-trial.ts';
import { isCold, isRunInvalid, isValidTrial, runWarnings, trialWarnings } from './validity.ts';

const plain = plainTrial();
const broken = plainTrial({ ledger: { ...plain.ledger, lost: 1 } });
const cold = plainTrial({ window: { ...plain.window, warmupMs: 1 } });

/** Over a path with a mistake on purpose, which hits WebSocket: its handshakes fail. */
const route: NonNullable<TrialRecord['path']['route']> = {
  name: 'nginx',
  tls: null,
  http: 1,
  proxy: { kind: 'nginx', balancing: 'ip_hash', mistake: 'no-upgrade-headers' },
  nodes: 1,
  headers: 'minimal',
  cookieBytes: 0,
  compression: null,
};
const exhibit = plainFailure({ stage: 'connect', path: { ...plain.path, route } });

function said(trials: readonly TrialRecord[], record: Partial<RunRecord> = {}): readonly string[] {
  return runWarnings(plainRun(trials, record)).map(({ severity, code, text }) => `${severity} ${code}: ${text}`);
}

test('warnings that make a trial invalid come first', () => {
  const trial = plainTrial({
    counts: { ...plain.counts, errors: 1 },
    processes: [{ ...plain.processes[0]!, eventLoopUtilization: 0.95 }],
    clockUncertaintyUs: 5_000,
  });
  assert.deepEqual(
    trialWarnings(trial).map(({ severity, code }) => `${severity} ${code}`),
    ['invalid clock-uncertain', 'caution saturated', 'caution unexplained-answers'],
  );
  assert.deepEqual(trialWarnings(plain), []);
});

test('a trial is valid unless something makes it invalid', () => {
  assert.deepEqual([plain, cold, broken].map(isValidTrial), [true, true, false]);
});

test('a trial is cold where its warm-up was short, and by nothing else', () => {
  assert.deepEqual([plain, cold, broken].map(isCold), [false, true, false]);
});

test('a run of good trials has no warnings', () => {
  assert.deepEqual(said([plain, cold]), []);
});

test('a run that did not complete has a warning', () => {
  const plan = (trials: number) => ({ ...plainRecord.plan, trials });
  assert.deepEqual(said([plain, plain], { status: 'interrupted' }), [
    'caution interrupted: Interrupted: 2 of 6 trials had ended. Run it again for all of them.',
  ]);
  assert.deepEqual(said([], { status: 'running', plan: plan(1) }), [
    'caution running: Not finished yet: 0 of 1 trial had ended. This is written again after each block.',
  ]);
});

test('failed and invalid trials are counted separately', () => {
  assert.deepEqual(said([plain, plainFailure(), broken, broken]), [
    'invalid failed-trials: 1 trial failed: stage and reason are listed. Run again.',
    'invalid invalid-trials: 2 trials cannot be believed and enter no comparison.',
  ]);
  assert.deepEqual(said([plainFailure(), plainFailure()]), [
    'invalid failed-trials: 2 trials failed: stage and reason are listed. Run again.',
  ]);
  assert.deepEqual(said([broken]), ['invalid invalid-trials: 1 trial cannot be believed and enter no comparison.']);
});

test('the predicted effect of a mistake is no fault of the run', () => {
  assert.deepEqual(said([plain, exhibit]), [
    'caution mistake-shown: 1 trial went wrong over a path with a mistake on purpose: see what it did.',
  ]);
  assert.deepEqual(
    runWarnings(plainRun([exhibit, exhibit, plainFailure()])).map(({ code }) => code),
    ['failed-trials', 'mistake-shown'],
  );
});

test('a run without pinning has a warning', () => {
  assert.deepEqual(said([plain], { environment: { ...plainRecord.environment, pinned: false } }), [
    'caution not-pinned: Processes were not pinned to cores, so CPU figures are noisier. On Linux install taskset.',
  ]);
});

test('one core for all has a warning of its own', () => {
  assert.deepEqual(said([plain], { environment: { ...plainRecord.environment, pinned: false, cores: 1 } }), [
    'caution not-pinned: There was one core for the server and its clients: each waited for the other. Use two or more.',
  ]);
});

test('a run is invalid because of failed or invalid trials, not because of how it ended', () => {
  const runs = [plainRun([plain]), plainRun([], { status: 'interrupted' }), plainRun([exhibit])];
  assert.deepEqual(runs.map(isRunInvalid), [false, false, false]);
  assert.deepEqual([plainRun([broken]), plainRun([plainFailure()])].map(isRunInvalid), [true, true]);
});
