import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletedTrial, FailedTrial, ProcessFigures } from '../../results/schema/schema.ts';
import { plainHistogram, plainProcess, plainTrial } from '../../testing/by-hand/plain-trial.ts';
import { type CapacityStep, type MeasuredStep, stepOf } from './capacity-step.ts';

/** CPU shares of a window of 2 s, on three cores. */
type Busy = { readonly load?: number; readonly source?: number; readonly server?: number };

function processesOf({ load = 0.1, source = 0.1, server = 0.1 }: Busy): ProcessFigures[] {
  const used = { load, source, server };
  return (['load', 'source', 'server'] as const).map((role, core) =>
    plainProcess({ role, core, cpuWindowMs: used[role] * 2_000 }),
  );
}

/** Mean latencies in 40 pieces of 50 ms, 100 deliveries each. */
function timelineOf(meanMs: (piece: number) => number): CompletedTrial['timeline'] {
  return Array.from({ length: 40 }, (_, piece) => {
    const mean = meanMs(piece);
    return { count: 100, minMs: mean, meanMs: mean, maxMs: mean };
  });
}

/** 4,000 deliveries in 2 s. */
function step(
  busy: Busy,
  meanMs: (piece: number) => number = () => 1,
  more: Partial<CompletedTrial> = {},
): MeasuredStep {
  const usual = plainTrial();
  const step = stepOf(
    100,
    plainTrial({
      window: { ...usual.window, durationMs: 2_000 },
      ledger: { ...usual.ledger, expected: 4_000, received: 4_000 },
      latency: { ...usual.latency, delivery: plainHistogram({ count: 4_000, p99Ms: 3 }) },
      processes: processesOf(busy),
      timeline: timelineOf(meanMs),
      ...more,
    }),
  );
  assert.ok('limit' in step && step.cores !== null);
  return step;
}

function whatOf({ limit }: CapacityStep) {
  return limit?.what ?? null;
}

test('a step that was carried: its rates, its latency and how busy the cores were', () => {
  const { cores, ...figures } = step({ load: 0.5, source: 0.2, server: 0.7 });
  // Of the last piece, 2%: those that left less than 1 ms before the end.
  assert.deepEqual(figures, {
    updatesPerSecond: 100,
    offeredPerSecond: 2_000,
    carriedPerSecond: 1_999,
    missingShare: 2 / 4_000,
    p99Ms: 3,
    limit: null,
  });
  assert.deepEqual([cores.load?.share, cores.source?.share, cores.server?.share], [0.5, 0.2, 0.7]);
});

test('a full core is the limit, and the instrument comes before the server', () => {
  const { limit } = step({ load: 0.93, server: 0.91 });
  assert.deepEqual(limit, { what: 'load', core: { share: 0.93, names: ['load-1'] } });
  assert.equal(whatOf(step({ source: 0.93, load: 0.9 })), 'source');
  assert.equal(whatOf(step({ server: 0.91, load: 0.91 })), 'server');
  assert.equal(whatOf(step({ server: 0.9, load: 0.92, source: 0.92 })), null);
});

test('on one core for load and source the load side is named, with all that share it', () => {
  const processes = processesOf({ load: 0.5, source: 0.45 }).map((each) =>
    each.role === 'server' ? each : { ...each, core: 0 },
  );
  const { limit } = step({}, () => 1, { processes });
  assert.deepEqual(limit, { what: 'load', core: { share: 0.95, names: ['load-1', 'source-1'] } });
});

test('a full core goes before deliveries that lag behind', () => {
  assert.equal(whatOf(step({ server: 0.95 }, () => 500)), 'server');
});

test('more than 1% of deliveries missing at the end is a limit', () => {
  // Of the last piece 40%, which is 1% of all.
  assert.equal(whatOf(step({}, () => 20)), null);
  const { limit, missingShare, carriedPerSecond } = step({}, () => 60);
  // All of the last piece and a fifth of the one before.
  assert.deepEqual([limit, missingShare], [{ what: 'lag', missingShare: 0.03 }, 0.03]);
  assert.equal(carriedPerSecond, 1_940);
});

test('deliveries that never came are missing too', () => {
  const usual = plainTrial();
  const latency = { ...usual.latency, delivery: plainHistogram({ count: 3_900, p99Ms: 3 }) };
  const { limit, carriedPerSecond } = step({}, () => 0, { latency });
  assert.deepEqual(limit, { what: 'lag', missingShare: 0.025 });
  assert.equal(carriedPerSecond, 1_950);
});

test('lateness that grows is a limit, not one that is the same throughout', () => {
  const growing = (lateMs: number) => (piece: number) => (piece < 30 ? 4 : lateMs);
  assert.deepEqual(step({}, growing(15)).limit, { what: 'lateness', earlyMs: 4, lateMs: 15 });
  assert.equal(whatOf(step({}, growing(14))), null, '10 ms more are allowed');
  assert.equal(whatOf(step({}, () => 19)), null);
});

test('a source that is late is no open loop', () => {
  const { lateness } = plainTrial();
  const late = (p99Ms: number) => step({}, () => 1, { lateness: { ...lateness, source: plainHistogram({ p99Ms }) } });
  assert.deepEqual(late(10.5).limit, { what: 'source-late', p99Ms: 10.5 });
  assert.equal(late(10).limit, null);
});

function failed(stage: FailedTrial['stage'], reason: string): FailedTrial {
  const { schemaVersion, block, position, scenario, point, transport, path, seed, startedAt } = plainTrial();
  const head = { schemaVersion, block, position, scenario, point, transport, path, seed, startedAt };
  return { ...head, status: 'failed', stage, reason };
}

test('a trial that did not start, or failed, is no limit', () => {
  const others = [
    ['start', 'server: listen EADDRINUSE'],
    ['connect', 'counters still move after 20000 ms'],
    ['measure', 'server ended (exit code 1): out of memory'],
    ['quiet', '3 clients were not up to date after the warm-up'],
    ['drain', 'counters still move after 20000 ms: 3 answers that nothing explains, such as: 500'],
    ['drain', 'no end after 153 s: a process hangs'],
  ] as const;
  for (const [stage, reason] of others) {
    assert.deepEqual(stepOf(250, failed(stage, reason)), { updatesPerSecond: 250, stage, reason });
  }
});

test('a trial that gave up waiting for its updates is a limit, and no figure of it is known', () => {
  const reason = 'counters still move after 20000 ms';
  for (const stage of ['quiet', 'drain'] as const) {
    assert.deepEqual(stepOf(250, failed(stage, reason)), {
      updatesPerSecond: 250,
      offeredPerSecond: 5_000,
      carriedPerSecond: null,
      missingShare: null,
      p99Ms: null,
      cores: null,
      limit: { what: 'undelivered', stage, reason },
    });
  }
});
