import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrialRecord } from '../../results/schema/schema.ts';
import { tinyScenario } from '../../testing/by-hand/tiny-trial.ts';
import { type MemoryOptions, memorySite } from '../../testing/fleet/memory-site.ts';
import type { Plan } from '../plan/plan.ts';
import type { Progress } from './progress.ts';
import { runBenchmark } from './run.ts';

const scenario = tinyScenario();
const plan: Plan = {
  profile: 'smoke',
  seed: 'memory',
  transports: ['sse', 'websocket'],
  rttMs: 0,
  scenarios: [{ scenario, repeats: 2, durationMs: 1_000, warmupMs: 0 }],
};

/** The same scenario at a second point, on the connections of the first. */
const groupPlan: Plan = {
  ...plan,
  scenarios: [
    { ...plan.scenarios[0]!, point: { place: 1 } },
    { ...plan.scenarios[0]!, point: { place: 2 }, goesOn: true },
  ],
};

type Given = MemoryOptions & { readonly plan?: Plan; readonly interruptAt?: (said: string) => boolean };

/** Runs the plan and lists in order what was stored and reported, without stages. */
async function run({ interruptAt, plan: given = plan, ...options }: Given = {}) {
  const site = memorySite(options);
  const interrupt = new AbortController();
  const said: string[] = [];
  const records: TrialRecord[] = [];
  const say = (text: string) => {
    said.push(text);
    if (interruptAt?.(text)) interrupt.abort();
  };
  const onProgress = async (progress: Progress) => {
    if (progress.kind === 'stage') say(progress.stage);
    else if (progress.kind === 'block-ended') say(`block ${progress.block} ended`);
    else say(`${progress.kind} ${progress.index + 1}/${progress.total}`);
  };
  const append = (record: TrialRecord) => {
    records.push(record);
    say(`stored ${records.length}`);
  };
  const running = runBenchmark({ plan: given, store: { append }, onProgress, signal: interrupt.signal }, site);
  const status = await site.time.play(running);
  return { status, said, records, site };
}

const stages = ['start', 'connect', 'warm-up', 'quiet', 'measure', 'drain', 'settle'];

test('each trial is stored before it is reported, and before the next one starts', async () => {
  const { status, said, records, site } = await run();
  assert.equal(status, 'completed');
  const trial = (number: number) => [
    `trial-started ${number}/4`,
    ...stages,
    `stored ${number}`,
    `trial-ended ${number}/4`,
  ];
  assert.deepEqual(said, [...trial(1), ...trial(2), 'block 0 ended', ...trial(3), ...trial(4), 'block 1 ended']);
  assert.ok(records.every((record) => record.status === 'completed'));
  assert.deepEqual([site.fleets.length, site.closed()], [4, 4]);
});

test('a trial that fails is stored, and the run goes on', async () => {
  let connects = 0;
  const { status, records, site } = await run({
    meddle: ({ call }) => {
      if (call === 'connect' && connects++ === 1) throw new Error('no room');
    },
  });
  assert.equal(status, 'completed');
  assert.deepEqual(
    records.map((record) => (record.status === 'failed' ? `${record.stage}: ${record.reason}` : '')),
    ['', 'connect: no room', '', ''],
  );
  assert.equal(site.closed(), 4);
});

test('a trial whose network cannot be made has failed', async () => {
  let tries = 0;
  const { records, site } = await run({
    beforeTrial: () => {
      if (tries++ === 0) throw new Error('no namespaces here');
    },
  });
  assert.ok(records[0]?.status === 'failed');
  assert.deepEqual([records[0].stage, records[0].reason], ['start', 'no namespaces here']);
  assert.deepEqual([records.length, site.fleets.length, site.closed()], [4, 3, 3]);
});

for (const where of [...stages.slice(0, -1), 'trial-started 2/4', 'stored 1', 'trial-ended 1/4', 'block 0 ended']) {
  test(`an interrupt at "${where}" ends the run; the trial that was going on is not stored`, async () => {
    const { status, said, records, site } = await run({ interruptAt: (text) => text === where });
    assert.equal(status, 'interrupted');
    const stored = where === 'block 0 ended' ? 2 : stages.includes(where) ? 0 : 1;
    assert.equal(records.length, stored);
    assert.deepEqual([said.at(-1), site.time.sleeping, site.fleets.length], [lastSaid(where), 0, site.closed()]);
  });
}

/** A stored trial is still reported, and so is the end of its block if it was the last. */
function lastSaid(where: string): string {
  return where === 'stored 1' ? 'trial-ended 1/4' : where;
}

test('trials on the same connections are stored and reported one by one, and their blocks end together', async () => {
  const { status, said, records, site } = await run({ plan: groupPlan });
  assert.equal(status, 'completed');
  const crew = (number: number) => [
    `trial-started ${number}/8`,
    ...stages,
    `stored ${number}`,
    `trial-ended ${number}/8`,
    `trial-started ${number + 1}/8`,
    ...stages.slice(3),
    `stored ${number + 1}`,
    `trial-ended ${number + 1}/8`,
  ];
  assert.deepEqual(said, [...crew(1), ...crew(3), 'block 1 ended', ...crew(5), ...crew(7), 'block 3 ended']);
  assert.deepEqual(
    records.map(({ block, point }) => [block, point.place]),
    [
      [0, 1],
      [1, 2],
      [0, 1],
      [1, 2],
      [2, 1],
      [3, 2],
      [2, 1],
      [3, 2],
    ],
  );
  assert.deepEqual([site.fleets.length, site.closed()], [4, 4]);
});

test('the trials that would have gone on with one that failed are stored as failed, and the run goes on', async () => {
  let connects = 0;
  const { status, said, records } = await run({
    plan: groupPlan,
    meddle: ({ call }) => {
      if (call === 'connect' && connects++ === 1) throw new Error('no room');
    },
  });
  assert.equal(status, 'completed');
  assert.deepEqual(
    records.slice(2, 4).map((record) => record.status === 'failed' && `${record.stage}: ${record.reason}`),
    ['connect: no room', 'start: the window before it failed, and it was to go on after that'],
  );
  assert.deepEqual([records.length, said.filter((text) => text.startsWith('trial-ended')).length], [8, 8]);
});

test('trials whose network cannot be made have all failed', async () => {
  let tries = 0;
  const { records, site } = await run({
    plan: groupPlan,
    beforeTrial: () => {
      if (tries++ === 0) throw new Error('no namespaces here');
    },
  });
  assert.deepEqual(
    records.slice(0, 3).map((record) => record.status === 'failed' && record.reason),
    ['no namespaces here', 'the window before it failed, and it was to go on after that', false],
  );
  assert.deepEqual([records.length, site.fleets.length, site.closed()], [8, 3, 3]);
});

for (const where of ['trial-ended 1/8', 'trial-started 2/8', 'second measure'] as const) {
  test(`an interrupt at "${where}" keeps the record of the window before`, async () => {
    let measured = 0;
    const interruptAt = (text: string) =>
      where === 'second measure' ? text === 'measure' && ++measured === 2 : text === where;
    const { status, records, site } = await run({ plan: groupPlan, interruptAt });
    assert.deepEqual([status, records.length], ['interrupted', 1]);
    assert.deepEqual([site.time.sleeping, site.fleets.length], [0, site.closed()]);
  });
}
