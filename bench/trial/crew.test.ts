import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CompletedTrial, type TrialRecord, trialRecord } from '../../results/schema/schema.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import type { Phase } from '../../scenarios/schedule.ts';
import { tinyScenario, tinyTrial } from '../../testing/by-hand/tiny-trial.ts';
import type { Meddle } from '../../testing/fleet/memory-fleet.ts';
import { type MemoryOptions, type PlayedTrial, playTrial } from '../../testing/fleet/memory-site.ts';
import { truth } from '../../testing/fleet/world.ts';
import { type PlannedScenario, type PlannedTrial, planTrials, trialsOfCrew } from '../plan/plan.ts';

const everySecond = (...instantsMs: readonly number[]) => ({ kind: 'trace', instantsMs, lengthMs: 1_000 }) as const;

/** Six, two and five updates for each of two channels, of 64, 128 and 300 bytes. */
const windows = [
  { arrivals: everySecond(100, 400, 999), payload: { kind: 'notice', bytes: 64 }, durationMs: 2_000 },
  { arrivals: everySecond(250, 999.9), payload: { kind: 'notice', bytes: 128 }, durationMs: 1_000 },
  { arrivals: everySecond(0, 20, 500, 700, 900), payload: { kind: 'notice', bytes: 300 }, durationMs: 1_000 },
] as const;

function plannedWindows(given: Partial<Scenario> = {}, warmupMs = 20): readonly PlannedScenario[] {
  return windows.map(({ durationMs, ...own }, place) => ({
    scenario: tinyScenario({ ...given, ...own }),
    point: { place },
    repeats: 3,
    durationMs,
    ...(place === 0 ? { warmupMs } : { warmupMs: 0, goesOn: true as const }),
  }));
}

/** The windows on the same connections, over one transport. */
function crewOf(scenarios = plannedWindows(), repeat = 1): PlannedTrial {
  const plan = { profile: 'test', seed: 'crew', transports: ['sse'] as const, rttMs: 0, scenarios };
  return planTrials(plan)[repeat]!;
}

async function completed(crew = crewOf(), options: MemoryOptions = {}): Promise<readonly CompletedTrial[]> {
  const played = await playTrial(crew, options);
  assertOver(played);
  return played.records.map((record) => {
    assert.ok(record.status === 'completed', JSON.stringify(record));
    trialRecord.parse(record);
    return record;
  });
}

function assertOver({ fleet, site }: PlayedTrial): void {
  assert.deepEqual([site.time.sleeping, fleet.openQuestions], [0, 0]);
  assert.ok(site.watches.every(({ endedUs }) => endedUs !== undefined));
}

test('each window has its own books, latencies and views', async () => {
  const records = await completed();
  const [first, second, third] = records as [CompletedTrial, CompletedTrial, CompletedTrial];
  for (const [record, inChannel] of [
    [first, 6],
    [second, 2],
    [third, 5],
  ] as const) {
    const { updates, ledger, latency, counts } = record;
    assert.deepEqual([updates.intended, updates.published, updates.accepted], Array(3).fill(2 * inChannel));
    const { expected, received, conflated, lost, faults } = ledger;
    assert.deepEqual([expected, received, conflated, lost, faults], [3 * inChannel, 3 * inChannel, 0, 0, []]);
    const { count, meanMs, maxMs } = latency.delivery;
    assert.deepEqual([count, meanMs, maxMs], [3 * inChannel, 1, 1]);
    assert.deepEqual([latency.downlink.count, latency.downlink.meanMs], [3 * inChannel, 0.7]);
    assert.equal(record.lateness.source.count, 2 * inChannel);
    assert.equal(record.outstandingMs, 3 * inChannel);
    assert.equal(record.meanStalenessMs, 1);
    assert.equal(
      record.timeline.reduce((sum, piece) => sum + piece.count, 0),
      3 * inChannel,
    );
    assert.deepEqual([counts.requests, counts.connections, counts.reconnects, counts.errors], [0, 3, 0, 0]);
    assert.deepEqual(record.stalls, { gapMs: 0, gaps: [], lateMs: 1, lateUpdates: 0 });
  }
  // Of the last update of the second window a tenth of a millisecond is in it.
  assert.deepEqual(
    records.map(({ staleFraction }) => staleFraction),
    [6_000 / 2e6, 1_100 / 1e6, 5_000 / 1e6],
  );
});

test('each window has its own bytes and CPU, and the set-up that all share', async () => {
  const records = await completed();
  const { updateHead, updateFraming, request, requestAnswer } = truth.bytes;
  const expected = [
    [18, 64],
    [6, 128],
    [15, 300],
  ] as const;
  for (const [place, { bytes, processes, latency, window }] of records.entries()) {
    const [deliveries, payload] = expected[place]!;
    assert.equal(bytes.down.encodedUpdateBytes, deliveries * (updateHead + payload));
    assert.equal(bytes.down.framingBytes, deliveries * updateFraming);
    assert.equal(bytes.serverWrittenBytes, deliveries * (updateHead + payload + updateFraming));
    assert.deepEqual([bytes.setUpUpBytes, bytes.setUpDownBytes], [3 * request, 3 * requestAnswer]);
    assert.deepEqual([latency.setUp.count, latency.setUp.meanMs], [3, 1.5]);
    for (const { role, cpuWindowMs, connectedRssBytes } of processes) {
      assert.equal(cpuWindowMs, truth.cpuShare[role] * windows[place]!.durationMs);
      assert.equal(connectedRssBytes, truth.rss.start + 3 * truth.rss.client);
    }
    assert.equal(window.durationMs, windows[place]!.durationMs);
  }
});

test('a window after others is as warm as what was played before it', async () => {
  const records = await completed();
  assert.deepEqual(
    records.map(({ window }) => window.warmupMs),
    [20, 2_020, 3_020],
  );
  const [first, second, third] = records.map(({ window }) => window.warmupOperations);
  assert.deepEqual([second! - first!, third! - second!], [18, 6]);
});

/** What a record says about its window alone. */
function ownFigures(record: CompletedTrial) {
  const { updates, ledger, latency, timeline, staleFraction, meanStalenessMs, outstandingMs, counts } = record;
  const { lateness, stalls, noise, limit, hostCpuWindowMs, processes } = record;
  const { whole: _, ...bytes } = record.bytes;
  const cpuMs = processes.map(({ name, cpuWindowMs, cpuDrainMs }) => [name, cpuWindowMs, cpuDrainMs]);
  const settled = { updates, ledger, latency, timeline, staleFraction, meanStalenessMs, outstandingMs, counts };
  return { ...settled, lateness, stalls, noise, limit, hostCpuWindowMs, bytes, cpuMs, drainMs: record.window.drainMs };
}

for (const [name, given] of [
  ['the source emits', {}],
  ['clients publish', { origin: 'client', echo: false }],
  ['updates may be left out', { semantics: 'latest' }],
] as const) {
  test(`a window after others has the figures of the same window with fresh processes: ${name}`, async () => {
    const crew = crewOf(plannedWindows(given, 0));
    const together = await completed(crew);
    for (const [place, { further: _, ...alone }] of trialsOfCrew(crew).entries()) {
      const { goesOn: __, ...planned } = alone.planned;
      const [record] = await completed({ ...alone, planned });
      assert.deepEqual(ownFigures(together[place]!), ownFigures(record!));
    }
  });
}

test('a stop in each window is a gap of that window alone', async () => {
  const stop = { name: 'load-1', fromMs: 301, toMs: 701 };
  for (const { stalls } of await completed(crewOf(plannedWindows({}, 0)), { stop })) {
    assert.deepEqual(
      stalls!.gaps.map(({ process, count, longest }) => [process, count, longest[0]!.toMs]),
      [['load-1', 1, 701]],
    );
  }
});

test('a record is that of its own block, point and seed, and begins when its window does', async () => {
  const crew = crewOf();
  const records = await completed(crew);
  assert.deepEqual(
    records.map(({ block, point, seed }) => [block, point, seed]),
    [
      [3, { place: 0 }, 'crew/tiny@place=0/1'],
      [4, { place: 1 }, 'crew/tiny@place=1/1'],
      [5, { place: 2 }, 'crew/tiny@place=2/1'],
    ],
  );
});

test('an additional client connects only after the last window of the first repeat, and the last record has it', async () => {
  const crew = crewOf(plannedWindows(), 0);
  const { records, fleet } = await playTrial(crew);
  const works = records.map((record) => record.status === 'completed' && record.clientWork?.medianUs);
  assert.deepEqual(works, [undefined, undefined, truth.clientWorkUs]);
  const calls = fleet.asked.map(({ call }) => call);
  assert.equal(calls.filter((call) => call === 'specimen').length, 1);
  assert.ok(calls.indexOf('specimen') > calls.lastIndexOf('undisturbed'));
  const later = await playTrial(crewOf());
  assert.ok(later.fleet.asked.every(({ call }) => call !== 'specimen' && call !== 'clientWork'));
});

test('the processes start and connect once, and only the first window is warmed up for', async () => {
  const { fleet, stages } = await playTrial(crewOf());
  assert.deepEqual(fleet.started, ['server', 'source', 'load-1']);
  const window = ['quiet', 'measure', 'drain', 'settle'];
  assert.deepEqual(stages, ['start', 'connect', 'warm-up', ...window, ...window, ...window]);
  const times = (call: string) => fleet.asked.filter((asked) => asked.name === 'load-1' && asked.call === call).length;
  assert.deepEqual([times('connect'), times('prepare'), times('begin')], [1, 4, 3]);
});

test('source and clients play the schedule of each window by its own seed', async () => {
  const prepared: string[] = [];
  const meddle: Meddle = ({ call, argument }) => {
    if (call !== 'prepare') return;
    const { kind, seed, durationUs } = argument as Phase;
    prepared.push(`${kind} ${seed} ${durationUs}`);
  };
  await playTrial(crewOf(), { meddle });
  const expected = [
    'warm-up crew/tiny@place=0/1/warm-up 20000',
    'window crew/tiny@place=0/1 2000000',
    'window crew/tiny@place=1/1 1000000',
    'window crew/tiny@place=2/1 1000000',
  ];
  assert.deepEqual(
    prepared,
    expected.flatMap((each) => [each, each]),
  );
});

/** Acts on the n-th time (from 0) that this process is asked this. */
function at(name: string, call: string, nth: number, act: Meddle): Meddle {
  let times = 0;
  return (asked) => (asked.name === name && asked.call === call && times++ === nth ? act(asked) : undefined);
}

const refuse = () => {
  throw new Error('no such luck');
};

function outcomes(records: readonly TrialRecord[]): readonly string[] {
  return records.map((record) => {
    trialRecord.parse(record);
    return record.status === 'failed' ? `${record.stage}: ${record.reason}` : record.status;
  });
}

const neverBegan = 'start: the window before it failed, and it was to go on after that';

for (const [stage, call, nth] of [
  ['quiet', 'begin', 1],
  ['measure', 'play', 2],
  ['drain', 'drain', 2],
  ['settle', 'settle', 1],
] as const) {
  test(`an error in ${stage} of the second window fails it and the third, and the first is kept`, async () => {
    const played = await playTrial(crewOf(), { meddle: at('load-1', call, nth, refuse) });
    assert.deepEqual(outcomes(played.records), ['completed', `${stage}: no such luck`, neverBegan]);
    assertOver(played);
  });

  test(`a process that is lost in ${stage} of the second window ends it at once`, async () => {
    const meddle = at('load-1', call, nth, ({ fleet }) => fleet.die('source'));
    const played = await playTrial(crewOf(), { meddle });
    const lost = `${stage}: source ended (exit code 1): out of memory`;
    assert.deepEqual(outcomes(played.records), ['completed', lost, neverBegan]);
    assertOver(played);
  });
}

test('what fails before the first window fails all', async () => {
  const { records } = await playTrial(crewOf(), { meddle: at('load-1', 'connect', 0, refuse) });
  assert.deepEqual(outcomes(records), ['connect: no such luck', neverBegan, neverBegan]);
});

test('a client that lacks the last update of a window is behind in the next one', async () => {
  // The sixth of channel 0, where no warm-up came before.
  const { records } = await playTrial(crewOf(plannedWindows({}, 0)), {
    fate: ({ client, version }) => (client === 2 && version === 6 ? 'lost' : 'delivered'),
  });
  const behind = 'quiet: 1 clients were not up to date after the window before';
  assert.deepEqual(outcomes(records), ['completed', behind, neverBegan]);
  assert.ok(records[0]?.status === 'completed' && records[0].ledger.lost === 1);
});

test('an update that is lost in the middle of a window is missing in that window alone', async () => {
  const [first, second, third] = await completed(crewOf(plannedWindows({}, 0)), {
    fate: ({ client, version }) => (client === 2 && version === 7 ? 'lost' : 'delivered'),
  });
  assert.deepEqual(
    [first, second, third].map((record) => record!.ledger.lost),
    [0, 1, 0],
  );
});

test('updates that servers leave out are conflated in their window alone', async () => {
  const records = await completed(crewOf(plannedWindows({ semantics: 'latest' }, 0)), {
    fate: ({ client, version }) => (client === 0 && version === 7 ? 'conflated' : 'delivered'),
  });
  assert.deepEqual(
    records.map(({ ledger }) => [ledger.conflated, ledger.faults.length]),
    [
      [0, 0],
      [1, 0],
      [0, 0],
    ],
  );
});

test('the limit of time is for all windows together', async () => {
  const hang = () => new Promise(() => {});
  const { records } = await playTrial(crewOf(plannedWindows({}, 0)), { meddle: at('load-1', 'settle', 2, hang) });
  // 50 s to connect, 30.5 s for the drain of a warm-up, 70.5 s around each window, and 4 s in them.
  assert.deepEqual(outcomes(records), ['completed', 'completed', 'settle: no end after 296 s: a process hangs']);
});

test('a trial with which none goes on has one record', async () => {
  assert.equal((await playTrial(tinyTrial({ repeat: 1 }))).records.length, 1);
});

test('what follows may be decided by the records so far, and has a limit of time of its own', async () => {
  const [head, second, third] = trialsOfCrew(crewOf()) as [PlannedTrial, PlannedTrial, PlannedTrial];
  const { further: _, ...alone } = head;
  const seen: number[][] = [];
  const goOn = (records: readonly TrialRecord[]) => {
    seen.push(records.map((record) => (record.status === 'completed' ? record.updates.accepted : -1)));
    return [second, third][records.length - 1];
  };
  const { records } = await playTrial(alone, { goOn });
  assert.deepEqual(outcomes(records), ['completed', 'completed', 'completed']);
  assert.deepEqual(seen, [[12], [12, 4], [12, 4, 10]]);
  assert.ok(records.every((record) => record.status === 'completed' && record.specimen === null));
  const hang = () => new Promise(() => {});
  const hung = await playTrial(alone, { goOn, meddle: at('load-1', 'settle', 2, hang) });
  assert.deepEqual(outcomes(hung.records), ['completed', 'completed', 'settle: no end after 296 s: a process hangs']);
});
