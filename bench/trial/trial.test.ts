import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { directRoute } from '../../network/route/route.ts';
import { trialRecord } from '../../results/schema/schema.ts';
import { tinyScenario, tinyTrial } from '../../testing/by-hand/tiny-trial.ts';
import type { Meddle } from '../../testing/fleet/memory-fleet.ts';
import { type MemoryOptions, memorySite, type PlayedTrial, playTrial } from '../../testing/fleet/memory-site.ts';
import { truth } from '../../testing/fleet/world.ts';
import type { Stage } from './progress.ts';
import { runTrial } from './trial.ts';

const planned = { scenario: tinyScenario(), repeats: 3, durationMs: 1_500, warmupMs: 20 };
const trial = tinyTrial({ planned, repeat: 1 });

/** Plays a trial that fails, and checks that nothing of it waits, asks, watches or acts afterwards. */
async function failed(options: MemoryOptions, given = trial, signal?: AbortSignal) {
  const played = await playTrial(given, options, signal);
  const { record } = played;
  assert.ok(record.status === 'failed', 'it did not fail');
  trialRecord.parse(record);
  await assertOver(played);
  return { ...played, record };
}

async function assertOver({ fleet, site }: PlayedTrial): Promise<void> {
  assert.deepEqual([site.time.sleeping, fleet.openQuestions], [0, 0]);
  assert.ok(site.watches.every(({ endedUs }) => endedUs !== undefined));
  const { length } = fleet.asked;
  const nothingDue = site.time.play(new Promise(() => {}));
  await assert.rejects(nothingDue, /nothing is due any more/);
  assert.equal(fleet.asked.length, length, 'it asked after its end');
}

/** Acts on the n-th time (from 0) that this process is asked this. */
function at(name: string, call: string, act: Meddle, nth = 0): Meddle {
  let times = 0;
  return (asked) => (asked.name === name && asked.call === call && times++ === nth ? act(asked) : undefined);
}

const refuse = () => {
  throw new Error('no such luck');
};
const hang = () => new Promise(() => {});

/** One question per stage: which process is asked what, for the n-th time. */
const questions: readonly (readonly [Stage, string, string, number])[] = [
  ['start', 'server', 'start', 0],
  ['start', 'load-1', 'start', 0],
  ['connect', 'load-1', 'connect', 0],
  ['connect', 'server', 'counters', 0],
  ['warm-up', 'load-1', 'play', 0],
  ['warm-up', 'load-1', 'drain', 0],
  ['quiet', 'source', 'begin', 0],
  ['measure', 'source', 'play', 1],
  ['measure', 'load-1', 'play', 1],
  ['measure', 'server', 'sample', 2],
  ['drain', 'load-1', 'drain', 1],
  ['settle', 'server', 'updates', 0],
  ['settle', 'load-1', 'settle', 0],
];

for (const [stage, name, call, nth] of questions) {
  test(`${stage}: what ${name} says to ${call} is the reason`, async () => {
    const { record, stages } = await failed({ meddle: at(name, call, refuse, nth) });
    assert.deepEqual([record.stage, record.reason], [stage, 'no such luck']);
    assert.equal(stages.at(-1), stage);
  });

  test(`${stage}: ${name} is lost while it is asked to ${call}`, async () => {
    const { record } = await failed({ meddle: at(name, call, ({ fleet }) => fleet.die(name), nth) });
    assert.deepEqual([record.stage, record.reason], [stage, `${name} ended (exit code 1): out of memory`]);
  });

  test(`${stage}: ${name} never answers to ${call}`, async () => {
    const { record, site } = await failed({ meddle: at(name, call, hang, nth) });
    assert.deepEqual([record.stage, record.reason], [stage, 'no end after 153 s: a process hangs']);
    assert.equal(Math.floor(site.time.nowUs / 1e6), 152);
  });

  test(`${stage}: an interrupt while ${name} is asked to ${call} ends it at once`, async () => {
    const interrupt = new AbortController();
    let atUs = 0;
    const meddle = at(
      name,
      call,
      ({ fleet }) => {
        atUs = fleet.asked.at(-1)!.atUs;
        interrupt.abort();
      },
      nth,
    );
    const { record, site } = await failed({ meddle }, trial, interrupt.signal);
    assert.deepEqual([record.stage, record.reason], [stage, 'interrupted']);
    assert.equal(site.time.nowUs, atUs);
    assert.deepEqual(getEventListeners(interrupt.signal, 'abort'), []);
  });
}

test('losing a process while nothing is asked ends the window at once', async () => {
  const meddle = at('server', 'quiet', ({ fleet }) => fleet.world.after(300_000, () => fleet.die('load-1')), 3);
  const { record, site } = await failed({ meddle });
  assert.deepEqual([record.stage, record.reason], ['measure', 'load-1 ended (exit code 1): out of memory']);
  const [watch] = site.watches;
  assert.equal(watch!.endedUs! - watch!.beganUs, 300_000);
  assert.equal(site.time.nowUs, watch!.endedUs, 'it waited for the end of its window');
});

test('interrupted before it began, a trial starts nothing', async () => {
  const { fleet, record } = await failed({}, trial, AbortSignal.abort());
  assert.equal(record.stage, 'start');
  assert.deepEqual([fleet.started, fleet.asked], [[], []]);
});

test('a completed trial leaves nothing behind either', async () => {
  const interrupt = new AbortController();
  const played = await playTrial(trial, {}, interrupt.signal);
  assert.equal(played.record.status, 'completed');
  assert.deepEqual(played.stages, ['start', 'connect', 'warm-up', 'quiet', 'measure', 'drain', 'settle']);
  assert.deepEqual(getEventListeners(interrupt.signal, 'abort'), []);
  await assertOver(played);
});

test('a failed trial does not end the noise watch of the next one', async () => {
  // Lost half a second before the end of its window, whose end then falls into the window of the next trial.
  const meddle: Meddle = ({ name, call, fleet }) => {
    if (name === 'server' && call === 'quiet' && fleet === site.fleets[0] && fleet.asked.filter(isQuiet).length === 4) {
      fleet.world.after(200_000, () => fleet.die('server'));
    }
  };
  const isQuiet = (asked: { readonly call: string }) => asked.call === 'quiet';
  const site = memorySite({ meddle });
  const statuses: string[] = [];
  for (let number = 0; number < 2; number++) {
    const { close, ...surroundings } = await site.prepare(trial);
    const running = runTrial(trial, { ...surroundings, onStage: () => {}, signal: new AbortController().signal });
    const record = await site.time.play(running);
    await close();
    statuses.push(record.status);
    if (record.status === 'failed') continue;
    const count = planned.durationMs / (truth.task.everyUs / 1000);
    assert.equal(record.noise!.tasks![0]!.count, count);
  }
  assert.deepEqual(statuses, ['failed', 'completed']);
  const [first, second] = site.watches;
  assert.equal(first!.endedUs! - first!.beganUs, 200_000);
  assert.equal(second!.endedUs! - second!.beganUs, planned.durationMs * 1000);
});

test('many processes can be asked at once without a warning of Node.js', async (t) => {
  const warnings: Error[] = [];
  const listen = (warning: Error) => void warnings.push(warning);
  process.on('warning', listen);
  t.after(() => process.off('warning', listen));
  const proxy = { kind: 'nginx', balancing: 'ip_hash', mistake: null } as const;
  const { record } = await playTrial({ ...trial, route: { ...directRoute, proxy, nodes: 20 } });
  assert.equal(record.status, 'completed');
  assert.deepEqual(warnings, []);
});

test('a trial that fails behind a proxy records the configuration of the proxy, in its first repeat', async () => {
  const route = { ...directRoute, proxy: { kind: 'nginx', balancing: 'ip_hash', mistake: null }, nodes: 2 } as const;
  const meddle = at('load-1', 'connect', refuse);
  const first = await failed({ meddle }, { ...trial, route, repeat: 0 });
  assert.equal(first.record.proxyConfiguration, 'worker_processes 1;');
  assert.deepEqual(first.fleet.started, ['server-1', 'server-2', 'backplane', 'source', 'nginx', 'load-1']);
  const later = await failed({ meddle: at('load-1', 'connect', refuse) }, { ...trial, route, repeat: 1 });
  assert.equal(later.record.proxyConfiguration, undefined);
});
