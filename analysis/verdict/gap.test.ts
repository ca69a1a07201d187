import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Transport } from '../../protocol/transport.ts';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import { plainAnalysis, plainRow } from '../../testing/by-hand/plain-analysis.ts';
import { plainPlan, plainRecord } from '../../testing/by-hand/plain-run.ts';
import { plainScenario, plainTrial } from '../../testing/by-hand/plain-trial.ts';
import type { ScenarioAnalysis } from '../comparison/run-analysis.ts';
import type { Question } from '../figures/question.ts';
import { fewReason, gapOf, gapSentence } from './gap.ts';

const two: readonly Transport[] = ['sse', 'websocket'];

function gap(
  question: Question,
  scenario: Partial<typeof plainScenario> = {},
  altered: Partial<ScenarioAnalysis> = {},
) {
  return gapOf(
    plainAnalysis(
      two.map((each) => plainRow(each)),
      { scenario, ...altered },
    ),
    question,
    plainRecord,
  );
}

function planned(repeats: number, scenario: Partial<typeof plainScenario> = {}) {
  return { planned: { ...plainPlan, scenario: { ...plainScenario, ...scenario }, repeats } };
}

/** Rows with these warm-ups, which were too short. */
function cold(warmups: readonly (readonly [warmupMs: number, warmupOperations: number])[]) {
  const rows = warmups.map(([warmupMs, warmupOperations], index) => {
    const window: CompletedTrial['window'] = { durationMs: 30_000, warmupMs, warmupOperations, drainMs: 1 };
    return plainRow(two[index]!, {}, [plainTrial({ window })]);
  });
  return { transports: rows };
}

test('without another reason, too few repeats are valid, or too few of these have the figure', () => {
  const reason = 'too few blocks in which both have a valid repeat with this figure';
  assert.deepEqual(gap('freshness'), { reason, command: 'pvw run plain' });
  const [sse, websocket] = [plainRow('sse'), plainRow('websocket')];
  assert.equal(
    fewReason([sse, { ...websocket, valid: websocket.valid.slice(1) }]),
    'fewer than three valid repeats to compare',
  );
  assert.equal(fewReason([sse, websocket]), reason);
});

test('too few repeats were planned', () => {
  for (const repeats of [1, 2]) {
    assert.deepEqual(gap('bytes', {}, planned(repeats)), {
      reason: `verdicts need 3 repeats, this run planned ${repeats}`,
      command: 'pvw run plain --repeats 3',
    });
  }
});

test('one transport has nothing to be compared with', () => {
  assert.deepEqual(gapOf(plainAnalysis([plainRow('sse')]), 'bytes', plainRecord), {
    reason: 'only one transport was measured',
    command: 'pvw run plain --transport short-polling,long-polling,sse,websocket',
  });
});

test('memory needs a thousand clients, and a lighter scenario where they would be too heavy', () => {
  const why = 'with fewer than 1,000 clients most of what a process grows by is not theirs';
  const asked = (perSecond: number, inputsPerSecond?: number) => {
    const inputs =
      inputsPerSecond === undefined
        ? {}
        : {
            inputs: {
              arrivals: { kind: 'constant', perSecond: inputsPerSecond },
              payload: plainScenario.payload,
            } as const,
          };
    const { reason, command } = gap('memory', { clients: 999, arrivals: { kind: 'constant', perSecond }, ...inputs });
    assert.equal(reason, why);
    return command;
  };
  // A thousand clients times two a second.
  assert.equal(asked(2), 'pvw run plain --clients 1000');
  assert.equal(asked(2.1), 'pvw run notifications --clients 1000 --channels 1000');
  assert.equal(asked(1, 1), 'pvw run plain --clients 1000');
  assert.equal(asked(1, 1.1), 'pvw run notifications --clients 1000 --channels 1000');
  assert.equal(
    gap('memory', { clients: 1_000 }).reason,
    'too few blocks in which both have a valid repeat with this figure',
  );
  assert.equal(
    gap('bytes', { clients: 999 }).reason,
    'too few blocks in which both have a valid repeat with this figure',
  );
});

test('a heavy scenario that already has a thousand clients is asked for by its own name', () => {
  assert.equal(gap('memory', { clients: 1_000 }).command, 'pvw run plain');
});

test('for CPU after a short warm-up, the command has a warm-up long enough at the pace of the run', () => {
  const why = 'the warm-up was too short to judge CPU';
  const warmUp = (...warmups: readonly (readonly [number, number])[]) => {
    const { reason, command } = gap('server-cpu', {}, cold(warmups));
    assert.equal(reason, why);
    return command.replace('pvw run plain --warmup ', '');
  };
  assert.equal(warmUp([1_000, 20_000], [1_000, 20_000]), '5s');
  // 2,500 operations in 5 s: 10,000 take 20 s, and the slowest transport decides.
  assert.equal(warmUp([5_000, 2_500], [5_000, 5_000]), '20s');
  assert.equal(warmUp([5_000, 4_900], [5_000, 10_000]), '11s');
  assert.equal(warmUp([5_000, 100], [5_000, 10_000]), '60s');
  assert.equal(warmUp([5_000, 0], [5_000, 10_000]), '60s');
});

test('one cold repeat of several is enough', () => {
  const trials = [5_000, 1_000].map((warmupMs) =>
    plainTrial({ window: { durationMs: 30_000, warmupMs, warmupOperations: 10_000, drainMs: 1 } }),
  );
  const { reason } = gap('server-cpu', {}, { transports: [plainRow('sse', {}, trials), plainRow('websocket')] });
  assert.equal(reason, 'the warm-up was too short to judge CPU');
});

test('a short warm-up is a reason only for CPU, and only with enough repeats', () => {
  const short = cold([
    [1_000, 1],
    [5_000, 10_000],
  ]);
  assert.equal(gap('bytes', {}, short).reason, 'fewer than three valid repeats to compare');
  assert.deepEqual(gap('server-cpu', {}, { ...short, ...planned(2) }), {
    reason: 'verdicts need 3 repeats, this run planned 2',
    command: 'pvw run plain --repeats 3',
  });
});

test('several reasons and options are combined', () => {
  const altered = {
    ...planned(1, { clients: 10, arrivals: { kind: 'constant', perSecond: 1 } }),
    transports: [plainRow('sse')],
  };
  assert.deepEqual(gap('memory', {}, altered), {
    reason:
      'only one transport was measured; with fewer than 1,000 clients most of what a process grows by is not theirs; verdicts need 3 repeats, this run planned 1',
    command: 'pvw run plain --transport short-polling,long-polling,sse,websocket --clients 1000 --repeats 3',
  });
});

test('a gap as a sentence', () => {
  assert.equal(gapSentence({ reason: 'too little', command: 'pvw run' }), 'No verdict: too little.');
});
