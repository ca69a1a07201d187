import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Conditions } from './conditions.ts';
import { type Replay, replayLongPolling, replayShortPolling, replayStream } from './replay.ts';

/** A poll reaches the server after 20 ms, and its answer the client after another 20 ms. */
const conditions: Conditions = {
  arrivals: { kind: 'constant', perSecond: 1 },
  semantics: 'every',
  pollIntervalMs: 100,
  holdMs: 200,
  heartbeatMs: 1000,
  roundTripMs: 40,
  oneWayMs: 20,
};

type Case = {
  readonly instantsMs: readonly number[];
  readonly durationMs: number;
  readonly given?: Partial<Conditions>;
  /** Of the first short poll, or for how long the first long poll was held before the window. */
  readonly startMs?: number;
  readonly expected: Omit<Replay, 'late'> & Partial<Pick<Replay, 'late'>>;
};

const none: Replay['late'] = { requests: 0, updates: 0 };
const one: Replay['late'] = { requests: 1, updates: 1 };

describe('short polls that leave at 0, 100, … and are at the server 20 ms later', () => {
  const cases: Readonly<Record<string, Case>> = {
    'one update for each poll': {
      instantsMs: [10, 30, 125, 300],
      durationMs: 350,
      // Received at 40, 140, 240 and 340; stale from 10 to 240 and from 300 to 340.
      expected: {
        requests: 4,
        emptyAnswers: 0,
        heldAnswers: 0,
        latenciesMs: [30, 110, 115, 40],
        stalenessMs: [30, 110, 115, 40],
        staleMs: 270,
      },
    },
    'polls that bring nothing': {
      instantsMs: [10],
      durationMs: 250,
      expected: {
        requests: 3,
        emptyAnswers: 2,
        heldAnswers: 0,
        latenciesMs: [30],
        stalenessMs: [30],
        staleMs: 30,
      },
    },
    'two updates in one answer': {
      instantsMs: [30, 90],
      durationMs: 150,
      expected: {
        requests: 2,
        emptyAnswers: 1,
        heldAnswers: 0,
        latenciesMs: [110, 50],
        stalenessMs: [110, 50],
        staleMs: 110,
      },
    },
    'under latest the newer of two alone is delivered, and makes both known': {
      instantsMs: [30, 90],
      durationMs: 150,
      given: { semantics: 'latest' },
      expected: {
        requests: 2,
        emptyAnswers: 1,
        heldAnswers: 0,
        latenciesMs: [50],
        stalenessMs: [110, 50],
        staleMs: 110,
      },
    },
    'an update at the instant of a poll': {
      instantsMs: [20],
      durationMs: 50,
      expected: { requests: 1, emptyAnswers: 0, heldAnswers: 0, latenciesMs: [20], stalenessMs: [20], staleMs: 20 },
    },
    'polls after the window bring what is missing and do not count': {
      instantsMs: [340],
      durationMs: 350,
      // Received at 440, by the poll of 400.
      expected: {
        requests: 4,
        late: one,
        emptyAnswers: 4,
        heldAnswers: 0,
        latenciesMs: [100],
        stalenessMs: [100],
        staleMs: 10,
      },
    },
    'the first poll at a phase': {
      instantsMs: [10],
      durationMs: 200,
      startMs: 70,
      expected: { requests: 2, emptyAnswers: 1, heldAnswers: 0, latenciesMs: [100], stalenessMs: [100], staleMs: 100 },
    },
    'a poll waits for the answer to the one before': {
      instantsMs: [],
      durationMs: 120,
      given: { pollIntervalMs: 30 },
      // At 0 and 60: those of 30 and 90 would have been too early.
      expected: { requests: 2, emptyAnswers: 2, heldAnswers: 0, latenciesMs: [], stalenessMs: [], staleMs: 0 },
    },
    'a poll may leave as the answer comes': {
      instantsMs: [],
      durationMs: 120,
      given: { pollIntervalMs: 40 },
      expected: { requests: 3, emptyAnswers: 3, heldAnswers: 0, latenciesMs: [], stalenessMs: [], staleMs: 0 },
    },
  };
  for (const [name, { instantsMs, durationMs, given, startMs = 0, expected }] of Object.entries(cases)) {
    test(name, () => {
      assert.deepEqual(replayShortPolling({ instantsMs, durationMs }, { ...conditions, ...given }, startMs), {
        late: none,
        ...expected,
      });
    });
  }
});

describe('long polls that are held for 200 ms, and come back 40 ms after an answer', () => {
  const updates = { instantsMs: [10, 30, 45, 300], durationMs: 400 };
  // Answers leave at 10, at 50 with two, at 290 with none, and at 330; the last poll is held beyond the window.
  const played = {
    requests: 4,
    emptyAnswers: 1,
    heldAnswers: 1,
    latenciesMs: [20, 40, 25, 50],
    stalenessMs: [20, 40, 25, 50],
    // From 10 to 70, and from 300 to 350.
    staleMs: 110,
  };
  const cases: Readonly<Record<string, Case>> = {
    'holds, gaps and an empty answer': { ...updates, expected: played },
    'under latest the newest of a gap alone is delivered': {
      ...updates,
      given: { semantics: 'latest' },
      expected: { ...played, latenciesMs: [20, 25, 50] },
    },
    'the first poll was held before the window': {
      instantsMs: [60],
      durationMs: 100,
      startMs: 150,
      // Empty at 50; the next poll is there at 90.
      expected: { requests: 2, emptyAnswers: 1, heldAnswers: 1, latenciesMs: [50], stalenessMs: [50], staleMs: 40 },
    },
    'held for 40 ms: the acknowledgement travels with the answer': {
      instantsMs: [40],
      durationMs: 100,
      expected: { requests: 1, emptyAnswers: 0, heldAnswers: 0, latenciesMs: [20], stalenessMs: [20], staleMs: 20 },
    },
    'held for 41 ms: it does not': {
      instantsMs: [41],
      durationMs: 100,
      expected: { requests: 1, emptyAnswers: 0, heldAnswers: 1, latenciesMs: [20], stalenessMs: [20], staleMs: 20 },
    },
    'an update at the end of a hold': {
      instantsMs: [200],
      durationMs: 230,
      expected: { requests: 1, emptyAnswers: 0, heldAnswers: 1, latenciesMs: [20], stalenessMs: [20], staleMs: 20 },
    },
    'an answer after the window brings what is missing and does not count': {
      instantsMs: [210],
      durationMs: 220,
      // Empty at 200; the next poll is there at 240.
      expected: {
        requests: 1,
        late: one,
        emptyAnswers: 1,
        heldAnswers: 1,
        latenciesMs: [50],
        stalenessMs: [50],
        staleMs: 10,
      },
    },
    'no update at all': {
      instantsMs: [],
      durationMs: 500,
      // Empty at 200 and 440; the third poll is held beyond the window.
      expected: { requests: 2, emptyAnswers: 2, heldAnswers: 2, latenciesMs: [], stalenessMs: [], staleMs: 0 },
    },
  };
  for (const [name, { instantsMs, durationMs, given, startMs, expected }] of Object.entries(cases)) {
    test(name, () => {
      assert.deepEqual(replayLongPolling({ instantsMs, durationMs }, { ...conditions, ...given }, startMs), {
        late: none,
        ...expected,
      });
    });
  }
});

test('a stream sends each update at once', () => {
  assert.deepEqual(replayStream({ instantsMs: [10, 15, 95], durationMs: 100 }, conditions), {
    requests: 0,
    late: none,
    emptyAnswers: 0,
    heldAnswers: 0,
    latenciesMs: [20, 20, 20],
    stalenessMs: [20, 20, 20],
    // From 10 to 35, and from 95 to the end.
    staleMs: 30,
  });
});
