import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isReadableRun, readRun } from '../../results/store/read-run.ts';
import { pointKey } from '../../scenarios/point.ts';
import { startCommand } from '../../testing/commands/started-command.ts';

/** `pvw sweep` with real processes, killed and resumed. */
const home = mkdtempSync(join(tmpdir(), 'pvw-sweep-'));
after(() => rmSync(home, { recursive: true }));

const words = [
  ...[
    'sweep',
    'chat-room',
    '--channels',
    '2',
    '--rtt',
    '0',
    '--repeats',
    '2',
    '--warmup',
    '100ms',
    '--duration',
    '500ms',
  ],
  ...['--transport', 'sse,websocket', '--over', 'clients=4,8', '--over', 'rate=20,40'],
];

/** Each trial that was planned, by what tells it apart. */
const everyTrial = ['4', '8']
  .flatMap((clients) => ['20', '40'].map((rate) => `clients=${clients},updatesPerSecond=${rate}`))
  .flatMap((point) =>
    ['sse', 'websocket'].flatMap((transport) => [0, 1].map((repeat) => `${point} ${transport} ${repeat}`)),
  )
  .sort();

function trialsIn(directory: string): readonly string[] {
  const { trials } = readRun(join(home, directory));
  // The seed ends with the repeat.
  return trials.map(({ point, transport, seed }) => `${pointKey(point)} ${transport} ${seed.split('/').at(-1)}`).sort();
}

test('a sweep that is killed at random, again and again, and resumed, has each trial once', async () => {
  const killed = startCommand(home, [...words, '--out', 'killed']);
  await killed.until(() => isReadableRun(join(home, 'killed')) && trialsIn('killed').length > 0);
  let running = killed;
  for (let kills = 0; kills < 3; kills++) {
    await sleep(Math.random() * 2000);
    running.child.kill('SIGKILL');
    if ((await running.ended) !== null) break;
    running = startCommand(home, ['sweep', '--resume', 'killed']);
    await running.says(/trials? left, of 16/);
  }
  await running.ended;
  assert.equal(readRun(join(home, 'killed')).record.status, 'completed', running.stderr());
  assert.deepEqual(trialsIn('killed'), everyTrial);
});

test('a sweep that ended has nothing left to do, and other options are refused', async () => {
  const again = startCommand(home, ['sweep', '--resume', 'killed']);
  assert.equal(await again.ended, 2);
  assert.match(again.stderr(), /^pvw: --resume: killed has nothing left to do; pvw report killed shows it\n$/);
});
