import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, test } from 'node:test';
import { temporaryHome } from '../commands/isolated-command.ts';
import { killRuns } from './killed-runs.ts';

const home = temporaryHome('killed-');
after(() => rmSync(home, { recursive: true, force: true }));

const kills = 5;

test(`${kills} runs killed with SIGKILL at random instants can be read, and leave nothing after the next run`, async (t) => {
  const { reached, announced, trials, unreadable, left } = await killRuns(home, kills, 20);
  t.diagnostic(
    `${reached} of ${kills} had namespaces when they were killed; ${announced} trials were announced, ${trials} can be read`,
  );
  assert.deepEqual([unreadable, left], [[], []]);
  assert.ok(announced >= 1, 'no trial had finished');
  assert.ok(reached >= 2, `only ${reached} had got far enough`);
});
