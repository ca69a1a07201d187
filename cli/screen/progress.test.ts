import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import picocolors from 'picocolors';
import { estimateTrialMs } from '../../bench/plan/estimate.ts';
import { eachTrial, type Plan } from '../../bench/plan/plan.ts';
import type { Progress } from '../../bench/trial/progress.ts';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import { roundedDuration } from '../../text/duration.ts';
import { createProgressView } from './progress.ts';
import { liveLine } from './progress-line.ts';
import { createTimeLeft } from './time-left.ts';

const plan: Plan = {
  profile: 'test',
  seed: 'seed',
  transports: ['sse', 'websocket'],
  rttMs: 40,
  scenarios: [{ scenario: findScenario('chat-room')!, repeats: 3, durationMs: 8_000, warmupMs: 5_000 }],
};
const trials = eachTrial(plan);
const trial = trials[0]!;
const total = trials.length;
const plain = picocolors.createColors(false);
const failed = {
  kind: 'trial-ended',
  record: { status: 'failed', stage: 'connect', reason: 'server ended\nwith \u001b[31mcode 1' },
  index: 0,
  total,
} as Progress;

/** A view on a fake terminal, with a clock that the test moves. */
function watch(terminal: { readonly isTTY: boolean; readonly columns?: number }) {
  let text = '';
  let nowMs = 0;
  const write = (chunk: string) => {
    text += chunk;
  };
  const view = createProgressView(trials, { ...terminal, write }, plain, () => nowMs);
  return {
    view,
    pass: (ms: number) => {
      nowMs += ms;
    },
    written: () => text,
  };
}

test('without a terminal a line is printed when a trial starts and when it ends, and nothing is redrawn', () => {
  const { view, written } = watch({ isTTY: false });
  view.show({ kind: 'trial-started', trial, index: 0, total });
  view.show({ kind: 'stage', stage: 'measure', detail: '' });
  view.show(failed);
  view.show({ kind: 'block-ended', block: 0 });
  view.close();
  const lines = written().split('\n');
  assert.match(lines[0]!, /^start {3}\[1\/6\] chat-room · \w+ · repeat 1 of 3, 1 min \d+ s left$/);
  assert.match(lines[1]!, /^failed {2}\[1\/6\] chat-room · .*: connect: server ended with .\[31mcode 1$/);
  assert.deepEqual(lines.slice(2), ['']);
  assert.doesNotMatch(written(), /\r|\p{Cc}\[/u);
});

test('on a terminal one line is redrawn, ended trials stay above it, and it is erased at the end', () => {
  const { view, pass, written } = watch({ isTTY: true, columns: 120 });
  view.show({ kind: 'trial-started', trial, index: 0, total });
  pass(6_000);
  view.show({ kind: 'stage', stage: 'measure', detail: '' });
  view.show(failed);
  view.close();
  const screen = written().split('\r');
  assert.match(screen.at(2)!, /░ +\d+% {2}1 min \d+ s left {2}\[1\/6\] chat-room · \w+ · repeat 1 of 3 · measure$/);
  assert.ok(written().endsWith('\r\u001b[2K'));
  assert.equal(written().split('\n').length, 2, 'only the ended trial takes a line');
});

test('the live line never wraps', () => {
  const moment = { trial, index: 0, total, stage: 'measure', done: 0.5, leftMs: 60_000 } as const;
  for (const columns of [20, 40, 60, 80, 120, 200]) {
    const line = stripVTControlCharacters(liveLine(moment, columns, picocolors.createColors(true)));
    assert.ok(line.length < columns, `${columns} columns: ${line.length}`);
    assert.match(line, /50%/);
  }
});

test('without colour there are no escape codes in a line', () => {
  const moment = { trial, index: 0, total, stage: 'drain', done: 1, leftMs: 0 } as const;
  assert.doesNotMatch(liveLine(moment, 120, plain), /\p{Cc}/u);
});

test('the time left shrinks as time passes, and is corrected by how long trials took', () => {
  const estimates = trials.map(estimateTrialMs);
  const all = estimates.reduce((sum, ms) => sum + ms, 0);
  const timeLeft = createTimeLeft(trials);
  timeLeft.startTrial(0, 0);
  assert.equal(timeLeft.at(0).leftMs, all);
  assert.equal(timeLeft.at(5_000).leftMs, all - 5_000);
  assert.equal(timeLeft.at(1e9).leftMs, all - estimates[0]!, 'a trial that hangs does not use up the others');
  timeLeft.endTrial(estimates[0]! * 2);
  timeLeft.startTrial(1, 0);
  assert.equal(timeLeft.at(0).leftMs, (all - estimates[0]!) * 2);
  assert.equal(timeLeft.at(0).done, estimates[0]! / all);
});

test('when all trials have ended, the share is 1 and no time is left', () => {
  const timeLeft = createTimeLeft(trials);
  for (const index of trials.keys()) {
    timeLeft.startTrial(index, index);
    timeLeft.endTrial(index + 1);
  }
  assert.deepEqual(timeLeft.at(1e6), { done: 1, leftMs: 0 });
});

test('trials on the same connections have lines of their own, with their point and their own time', () => {
  const [planned] = plan.scenarios;
  const scenarios = [
    { ...planned!, point: { clients: 1 } },
    { ...planned!, point: { clients: 2 }, warmupMs: 0, goesOn: true as const },
  ];
  const own = eachTrial({ ...plan, scenarios });
  let text = '';
  let nowMs = 0;
  const write = (chunk: string) => {
    text += chunk;
  };
  const view = createProgressView(own, { isTTY: false, write }, plain, () => nowMs);
  for (const [index, each] of own.slice(0, 3).entries()) {
    view.show({ kind: 'trial-started', trial: each, index, total: own.length });
    nowMs += estimateTrialMs(each);
    view.show({ ...failed, index, total: own.length } as Progress);
  }
  view.close();
  const started = text.split('\n').filter((line) => line.startsWith('start'));
  assert.deepEqual(
    started.map((line) => /\[ ?(\d+\/12)\] chat-room@clients=(\d)/.exec(line)?.slice(1, 3)),
    [
      ['1/12', '1'],
      ['2/12', '2'],
      ['3/12', '1'],
    ],
  );
  // Each took as long as was estimated.
  const restMs = own.slice(2).reduce((sum, each) => sum + estimateTrialMs(each), 0);
  assert.match(started[2]!, new RegExp(`, ${roundedDuration(restMs)} left$`));
});
