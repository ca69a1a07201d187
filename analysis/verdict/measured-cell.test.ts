import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directRoute } from '../../network/route/route.ts';
import { type Transport, transports } from '../../protocol/transport.ts';
import { plainAnalysis, plainComparison, plainRow } from '../../testing/by-hand/plain-analysis.ts';
import { plainRun } from '../../testing/by-hand/plain-run.ts';
import { plainFailure, plainTrial } from '../../testing/by-hand/plain-trial.ts';
import type { ScenarioAnalysis } from '../comparison/run-analysis.ts';
import type { FigureKey } from '../figures/figures.ts';
import type { TransportAnalysis } from '../validity/assessment.ts';
import { type Seen, type Shown, see } from './measured-cell.ts';
import type { Test } from './needs.ts';

const run = plainRun([]);
const bytes: Test = { kind: 'least', direction: 'both' };
const bytesUp: Test = { kind: 'least', direction: 'up' };
const core: Test = { kind: 'core' };
const inTime = (toleranceMs: number): Test => ({ kind: 'in-time', toleranceMs });

function seenOf(
  scenario: ScenarioAnalysis,
  need: Test,
  transport: Transport,
  reasoned: Shown['reasoned'] = 'good',
): Seen | undefined {
  const row = scenario.transports.find((each) => each.transport === transport)!;
  return see(need, { run, scenario, row, reasoned });
}

function said(seen: Seen | undefined): readonly [string, string] {
  assert.ok(seen);
  return [seen.judgement, seen.text];
}

/** Rows with one figure for each of these transports. */
function rows(key: FigureKey, values: Partial<Readonly<Record<Transport, number>>>): readonly TransportAnalysis[] {
  return transports.flatMap((transport) => {
    const value = values[transport];
    return value === undefined ? [] : [plainRow(transport, { [key]: value })];
  });
}

test('bytes are graded by how far above the least they are', () => {
  const scenario = plainAnalysis(
    rows('bytes.total', { 'short-polling': 40_000, 'long-polling': 20_000, sse: 11_000, websocket: 10_000 }),
  );
  assert.deepEqual(
    transports.map((transport) => seenOf(scenario, bytes, transport)),
    [
      ['poor', '40.0 kB per client and minute at the sockets, 4 × the least'],
      ['works', '20.0 kB per client and minute at the sockets, 2 × the least'],
      ['good', '11.0 kB per client and minute at the sockets, 1.10 × the least'],
      ['good', '10.0 kB per client and minute at the sockets, the least'],
    ].map(([judgement, text]) => ({ judgement, text, isAtLimit: false })),
  );
});

/** What is said of bytes with this ratio to the least, and with its interval if it has one. */
function atFactor(factor: number, interval?: readonly [number, number]): Seen {
  const comparisons = interval
    ? [plainComparison('bytes', 'sse', 'websocket', 'higher', [factor, interval[0], interval[1]])]
    : [];
  const scenario = plainAnalysis(rows('bytes.total', { sse: factor * 10_000, websocket: 10_000 }), { comparisons });
  return seenOf(scenario, bytes, 'sse')!;
}

test('the limits belong to the better judgement; a cell whose interval covers a limit says so', () => {
  assert.deepEqual(atFactor(1.25, [1.24, 1.2499]), {
    judgement: 'good',
    text: '12.5 kB per client and minute at the sockets, 1.25 × the least',
    isAtLimit: false,
  });
  const line = ', at the limit between a good choice and one that works';
  assert.deepEqual(atFactor(1.26, [1.24, 1.28]), {
    judgement: 'works',
    text: `12.6 kB per client and minute at the sockets, 1.26 × the least${line}`,
    isAtLimit: true,
  });
  assert.deepEqual(
    [atFactor(1.24, [1.22, 1.27]), atFactor(1.26, [1.25, 1.28]), atFactor(1.24, [1.22, 1.25])].map(
      ({ judgement, isAtLimit }) => [judgement, isAtLimit],
    ),
    [
      ['good', true],
      ['works', true],
      ['good', false],
    ],
  );
  assert.match(
    atFactor(3.1, [2.8, 3.3]).text,
    /3\.10 × the least, at the limit between one that works and a poor choice$/,
  );
  assert.match(atFactor(2, [1.2, 3.2]).text, /, too close to the limits to tell a good choice from a poor one$/);
});

test('without an interval a tenth either way is taken for one', () => {
  assert.match(atFactor(2.8).text, /, at the limit between one that works and a poor choice$/);
  assert.match(atFactor(2.7).text, /2\.70 × the least$/);
  assert.match(atFactor(1.2).text, /, at the limit between a good choice and one that works$/);
});

test('an interval of fewer pairs than a comparison needs is none', () => {
  const comparison = plainComparison('bytes', 'sse', 'websocket', 'too-few', [2, 1.2, 3.2]);
  const comparisons = [{ ...comparison, ratios: comparison.ratios.slice(0, 2) }];
  const scenario = plainAnalysis(rows('bytes.total', { sse: 20_000, websocket: 10_000 }), { comparisons });
  assert.equal(seenOf(scenario, bytes, 'sse')!.isAtLimit, false);
});

test('an amount that is too little to pay for is good, whatever the ratio', () => {
  const least = { sse: 100, websocket: 2_000, 'short-polling': 2_001, 'long-polling': 2_500 };
  const scenario = plainAnalysis(rows('bytes.total', least));
  const of = (transport: Transport) => said(seenOf(scenario, bytes, transport));
  assert.deepEqual(of('sse'), ['good', '100 B per client and minute at the sockets, the least']);
  assert.deepEqual(of('websocket'), [
    'good',
    '2.00 kB per client and minute at the sockets, too little to pay for, but only just',
  ]);
  assert.deepEqual(of('short-polling'), [
    'poor',
    '2.00 kB per client and minute at the sockets, 20.0 × the least, hardly more than what is too little to pay for',
  ]);
  assert.deepEqual(of('long-polling'), ['poor', '2.50 kB per client and minute at the sockets, 25 × the least']);
});

test('an amount near what is too little to pay for is at the limit, if its ratio is not good by itself', () => {
  const isAtLimit = (sse: number, websocket: number) =>
    seenOf(plainAnalysis(rows('bytes.total', { sse, websocket })), bytes, 'sse')!.isAtLimit;
  assert.deepEqual(
    [isAtLimit(1_800, 100), isAtLimit(1_900, 100), isAtLimit(2_100, 100), isAtLimit(2_300, 100)],
    [false, true, true, false],
  );
  assert.deepEqual([isAtLimit(1_900, 1_800), isAtLimit(2_050, 1_900)], [false, false]);
});

test('bytes are those on the wire where the wire was counted', () => {
  const scenario = plainAnalysis(rows('bytes.wire', { sse: 30_000, websocket: 20_000 }), { place: 'wire' });
  assert.deepEqual(said(seenOf(scenario, bytes, 'sse')), [
    'works',
    '30.0 kB per client and minute on the wire, 1.50 × the least',
  ]);
});

test('a single transport has no least; any amount is far above a least of zero', () => {
  const alone = plainAnalysis([plainRow('sse', { 'bytes.total': 1_000 }), plainRow('websocket')]);
  assert.equal(seenOf(alone, bytes, 'sse'), undefined);
  assert.equal(seenOf(alone, bytes, 'websocket'), undefined);
  const none = plainAnalysis(rows('bytes.total', { sse: 0, websocket: 10_000 }));
  assert.deepEqual(said(seenOf(none, bytes, 'websocket')), [
    'poor',
    '10.0 kB per client and minute at the sockets, far above the least',
  ]);
});

test('no judgement depends on whether chance could explain the difference', () => {
  for (const outcome of ['cannot-tell', 'unresolved', 'higher', 'too-few'] as const) {
    const comparisons = [plainComparison('bytes', 'sse', 'websocket', outcome, [2, 1.9, 2.1])];
    const scenario = plainAnalysis(rows('bytes.total', { sse: 20_000, websocket: 10_000 }), { comparisons });
    assert.deepEqual(said(seenOf(scenario, bytes, 'sse')), [
      'works',
      '20.0 kB per client and minute at the sockets, 2 × the least',
    ]);
  }
});

/** Few bytes of short polling, which replaces this share of the updates, beside transports that replace none. */
function replacing(conflated: number): ScenarioAnalysis {
  return plainAnalysis([
    plainRow('short-polling', { 'bytes.total': 10_000, conflated }),
    plainRow('sse', { 'bytes.total': 200_000 }),
    plainRow('websocket', { 'bytes.total': 100_000 }),
  ]);
}

test('a transport that delivers fewer updates is not the measure for those that deliver all', () => {
  assert.deepEqual(said(seenOf(replacing(0.12), bytes, 'short-polling')), [
    'works',
    '10.0 kB per client and minute at the sockets, but 12% of the updates replaced by newer ones',
  ]);
  assert.deepEqual(said(seenOf(replacing(0.12), bytes, 'websocket')), [
    'good',
    '100 kB per client and minute at the sockets, the least',
  ]);
  assert.deepEqual(said(seenOf(replacing(0.08), bytes, 'websocket')), [
    'poor',
    '100 kB per client and minute at the sockets, 10 × the least',
  ]);
});

test('where replaced updates are almost many or hardly so, each cell that depends on it says so', () => {
  const doubt = '; another run may be judged differently';
  assert.deepEqual(seenOf(replacing(0.105), bytes, 'short-polling'), {
    judgement: 'works',
    text: `10.0 kB per client and minute at the sockets, but 11% of the updates replaced by newer ones${doubt}`,
    isAtLimit: true,
  });
  assert.deepEqual(seenOf(replacing(0.095), bytes, 'short-polling'), {
    judgement: 'good',
    text: `10.0 kB per client and minute at the sockets, the least${doubt}`,
    isAtLimit: true,
  });
  assert.deepEqual(
    [0.08, 0.095, 0.105, 0.12].map((share) => seenOf(replacing(share), bytes, 'websocket')?.isAtLimit),
    [false, true, true, false],
  );
  assert.deepEqual(
    [0.095, 0.105].map((share) => seenOf(replacing(share), bytes, 'websocket')?.judgement),
    ['poor', 'good'],
  );
  // Twice the least of those that deliver all, 20 times the least of all.
  const both = [seenOf(replacing(0.095), bytes, 'sse')!, seenOf(replacing(0.105), bytes, 'sse')!];
  assert.deepEqual(
    both.map(({ judgement, isAtLimit }) => [judgement, isAtLimit]),
    [
      ['poor', true],
      ['works', true],
    ],
  );
});

test('near that limit a cell that is judged alike on both sides says nothing', () => {
  const scenario = plainAnalysis([
    plainRow('short-polling', { 'bytes.total': 200_000, conflated: 0.105 }),
    plainRow('sse', { 'bytes.total': 100_000 }),
  ]);
  assert.deepEqual(
    scenario.transports.map(({ transport }) => seenOf(scenario, bytes, transport)?.isAtLimit),
    [false, false],
  );
});

test('of bytes up, updates that were replaced do not matter', () => {
  const scenario = plainAnalysis([
    plainRow('sse', { 'bytes.up': 50_000 }),
    plainRow('websocket', { 'bytes.up': 10_000, conflated: 0.5 }),
  ]);
  assert.deepEqual(said(seenOf(scenario, bytesUp, 'websocket')), [
    'good',
    '10.0 kB up per client and minute at the sockets, the least',
  ]);
  assert.deepEqual(said(seenOf(scenario, bytesUp, 'sse')), [
    'poor',
    '50.0 kB up per client and minute at the sockets, 5 × the least',
  ]);
});

test('the interval of all bytes is not that of the bytes up', () => {
  const comparisons = [plainComparison('bytes', 'sse', 'websocket', 'higher', [2, 1.2, 3.2])];
  const scenario = plainAnalysis(rows('bytes.up', { sse: 20_000, websocket: 10_000 }), { comparisons });
  assert.equal(seenOf(scenario, bytesUp, 'sse')!.isAtLimit, false);
});

test('the share of a core that serving took is graded; within half of a limit the cell says so', () => {
  const graded = (msPerSecond: number) => {
    const scenario = plainAnalysis(rows('cpu.serving', { sse: msPerSecond }), { scenario: { clients: 100 } });
    return seenOf(scenario, core, 'sse')!;
  };
  const line = ', at the limit between a good choice and one that works';
  assert.deepEqual(graded(160), { judgement: 'good', text: '16% of a core for 100 clients', isAtLimit: false });
  assert.deepEqual(graded(250), { judgement: 'good', text: `25% of a core for 100 clients${line}`, isAtLimit: true });
  assert.deepEqual(said(graded(251)), ['works', `25% of a core for 100 clients${line}`]);
  assert.deepEqual(said(graded(400)), ['works', '40% of a core for 100 clients']);
  assert.deepEqual(said(graded(700)), [
    'works',
    '70% of a core for 100 clients, at the limit between one that works and a poor choice',
  ]);
  assert.deepEqual(said(graded(1_100)), ['poor', '110% of a core for 100 clients']);
  assert.equal(seenOf(plainAnalysis([plainRow('sse')]), core, 'sse'), undefined);
});

test('repeats that scatter as far as a limit are at it, too', () => {
  const row = plainRow('sse', { 'cpu.serving': 500 });
  const figures = { ...row.valid[0]!.figures, 'cpu.serving': 300 };
  const scenario = plainAnalysis([{ ...row, valid: [{ ...row.valid[0]!, figures }, ...row.valid.slice(1)] }]);
  // 300 ms a second less a third is 20% of a core; 500 and half of that are 75%.
  assert.match(seenOf(scenario, core, 'sse')!.text, /, too close to the limits to tell a good choice from a poor one$/);
});

test('a late transport is poor, and one in time is rated no better than by reasoning', () => {
  const within = (transport: Transport, ms: number, reasoned: Shown['reasoned']) =>
    seenOf(plainAnalysis(rows('latency.p90', { [transport]: ms })), inTime(100), transport, reasoned)!;
  const line = ', at the limit of what is in time';
  const text = (start: string, isAtLimit: boolean) => ({ text: `${start}${isAtLimit ? line : ''}`, isAtLimit });
  assert.deepEqual(within('sse', 90, 'good'), {
    judgement: 'good',
    ...text('In time: nine of ten within 90.0 ms', false),
  });
  assert.deepEqual(within('sse', 92, 'good').isAtLimit, true);
  assert.deepEqual(within('sse', 100, 'good'), {
    judgement: 'good',
    ...text('In time: nine of ten within 100 ms', true),
  });
  assert.deepEqual(within('sse', 101, 'good'), {
    judgement: 'poor',
    ...text('Too late: nine of ten within 101 ms', true),
  });
  assert.deepEqual(within('sse', 111, 'good'), {
    judgement: 'poor',
    ...text('Too late: nine of ten within 111 ms', false),
  });
  assert.equal(within('long-polling', 50, 'works').judgement, 'works');
  assert.equal(within('long-polling', 50, 'poor').judgement, 'works');
  assert.deepEqual(said(within('short-polling', 50, 'poor')), [
    'works',
    'In time: nine of ten within 50.0 ms, asking every 1 s',
  ]);
  const often = plainAnalysis(rows('latency.p90', { 'short-polling': 50 }), { scenario: { pollIntervalMs: 100 } });
  assert.match(seenOf(often, inTime(100), 'short-polling')!.text, /asking every 100 ms$/);
  assert.equal(seenOf(plainAnalysis([plainRow('sse')]), inTime(100), 'sse'), undefined);
});

/** Ten clients that ask every second for 30 s, for 60 kB a client and minute around 12 kB of updates. */
const polled = plainTrial({
  transport: 'short-polling',
  counts: { ...plainTrial().counts, requests: 300 },
  bytes: {
    ...plainTrial().bytes,
    down: { encodedUpdateBytes: 60_000, framingBytes: 200_000, drainFramingBytes: 0, surplusUpdateBytes: 0 },
    up: { encodedUpdateBytes: 0, framingBytes: 100_000, drainFramingBytes: 0, surplusUpdateBytes: 0 },
  },
});

/** Polls that bring nine of ten updates within 900 ms, beside a WebSocket with these bytes and this latency. */
function polledBeside(websocketBytes: number, websocketMs = 40, conflated = 0): ScenarioAnalysis {
  return plainAnalysis([
    plainRow('short-polling', { 'latency.p90': 900, 'bytes.total': 72_000, conflated }, [polled, polled, polled]),
    plainRow('websocket', { 'latency.p90': websocketMs, 'bytes.total': websocketBytes }),
  ]);
}

test('polling is judged by what it costs at the longest interval that is in time, by theory', () => {
  const of = (websocketBytes: number, toleranceMs: number) =>
    said(seenOf(polledBeside(websocketBytes), inTime(toleranceMs), 'short-polling'));
  // 60 polls of 1 kB; at eleven times the interval 60 / 11 of them, and the 12 kB of updates stay.
  const every = 'In time: nine of ten within 900 ms, asking every 1 s; every 11 s, by theory, ';
  assert.deepEqual(of(18_000, 10_000), [
    'good',
    `${every}17 kB per client and minute at the sockets, 0.970 × the least of the others`,
  ]);
  assert.equal(of(9_000, 10_000)[0], 'works');
  assert.equal(of(4_000, 10_000)[0], 'poor');
  assert.deepEqual(of(36_000, 1_000), [
    'works',
    'In time: nine of ten within 900 ms, asking every 1 s; every 1.1 s, by theory, 67 kB per client and minute at the sockets, 1.85 × the least',
  ]);
});

test('polling is judged beside the least of the others', () => {
  const scenario = plainAnalysis([
    ...polledBeside(9_000).transports,
    plainRow('sse', { 'latency.p90': 40, 'bytes.total': 60_000 }),
    plainRow('long-polling', { 'latency.p90': 40, 'bytes.total': 70_000 }),
  ]);
  assert.match(seenOf(scenario, inTime(10_000), 'short-polling')!.text, /, 1\.94 × the least$/);
});

test('polling that is barely in time is judged as measured, and at the limit', () => {
  const seen = seenOf(polledBeside(60_000), inTime(905), 'short-polling')!;
  assert.deepEqual(said(seen), [
    'good',
    'In time: nine of ten within 900 ms, asking every 1 s, at the limit of what is in time; 72 kB per client and minute at the sockets, 1.20 × the least, at the limit between a good choice and one that works',
  ]);
  assert.ok(seen.isAtLimit);
});

test('polling is only beside those that are in time, and says where these hardly are', () => {
  const of = (websocketMs: number) => seenOf(polledBeside(4_000, websocketMs), inTime(10_000), 'short-polling')!;
  assert.deepEqual(
    [of(8_000), of(12_000)].map(({ judgement, isAtLimit }) => [judgement, isAtLimit]),
    [
      ['poor', false],
      ['good', false],
    ],
  );
  assert.deepEqual(said(of(10_500)), [
    'good',
    'In time: nine of ten within 900 ms, asking every 1 s; another run may be judged differently',
  ]);
  assert.deepEqual(
    [of(9_500), of(10_500)].map(({ judgement, isAtLimit }) => [judgement, isAtLimit]),
    [
      ['poor', true],
      ['good', true],
    ],
  );
});

test('polling that replaces many updates is not judged by the bytes of those that bring all', () => {
  const of = (conflated: number) => seenOf(polledBeside(4_000, 40, conflated), inTime(10_000), 'short-polling')!;
  assert.deepEqual(
    [0.05, 0.095, 0.105, 0.15].map((share) => [of(share).judgement, of(share).isAtLimit]),
    [
      ['poor', false],
      ['poor', true],
      ['good', true],
      ['good', false],
    ],
  );
});

test('behind a proxy trials say whether they worked, were cut or held back', () => {
  const route = 'nginx:buffered-sse';
  const proxy = { kind: 'nginx', balancing: 'ip_hash', mistake: 'buffered-sse' } as const;
  const plan = { ...run.record.plan, routes: [{ ...directRoute, name: route, proxy }] };
  const behind = { record: { ...run.record, plan }, trials: [] };
  const of = (row: TransportAnalysis, mistake: typeof proxy.mistake | null = proxy.mistake) => {
    const beside = [plainRow('short-polling', { 'latency.p50': 500 }), plainRow('websocket', { 'latency.p50': 40 })];
    const all = [...beside.filter(({ transport }) => transport !== row.transport), row];
    const scenario = plainAnalysis(all, { paths: [{ route, transports: all }] });
    return see({ kind: 'proxy', mistake }, { run: behind, scenario, row, reasoned: 'good' });
  };
  const seen = (judgement: Seen['judgement'], text: string, isAtLimit = false, repeats = 3) => ({
    judgement,
    text,
    isAtLimit,
    repeats,
  });
  assert.deepEqual(of(plainRow('short-polling', { 'latency.p50': 500 })), seen('good', `Median 500 ms over ${route}`));
  assert.deepEqual(
    of({ ...plainRow('long-polling'), valid: [], completed: [], failed: [plainFailure()] }),
    seen('poor', `No trial worked over ${route}`, false, 1),
  );
  const sse = (p50Ms: number) => of(plainRow('sse', { 'latency.p50': p50Ms }));
  const line = ', at the limit of what is held back';
  assert.deepEqual(sse(500), seen('poor', `Held back: median 500 ms over ${route}`));
  assert.deepEqual(sse(430), seen('poor', `Held back: median 430 ms over ${route}${line}`, true));
  assert.deepEqual(sse(400), seen('good', `Median 400 ms over ${route}${line}`, true));
  assert.deepEqual(sse(360), seen('good', `Median 360 ms over ${route}`));
  const cut = (reconnects: number, errors: number) => {
    const trial = plainTrial({ counts: { ...plainTrial().counts, connections: 100, reconnects, errors } });
    return of(plainRow('websocket', { 'latency.p50': 40 }, [trial, trial]));
  };
  assert.deepEqual(cut(1, 1), seen('works', `Cut 4 times over ${route}`, false, 2));
  assert.deepEqual(cut(1, 0), seen('good', `Median 40.0 ms over ${route}`, false, 2));
  assert.deepEqual(
    of({ ...plainRow('websocket', { 'latency.p50': 40 }), failed: [plainFailure()] }),
    seen('works', `1 of 4 trials failed over ${route}`, false, 4),
  );
  assert.equal(of(plainRow('sse')), undefined);
  assert.equal(of({ ...plainRow('sse'), completed: [], failed: [] }), undefined);
  // The same trials are no evidence for a proxy without that mistake.
  assert.equal(of(plainRow('sse', { 'latency.p50': 40 }), null), undefined);
});
