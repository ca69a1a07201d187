import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { openCpuQuota } from './cpu-quota.ts';

const burning = `
const startMs = Date.now();
while (Date.now() - startMs < 2_000);
console.log(process.cpuUsage().user / 2e6);
`;

test('a process that would use a whole CPU gets its quota', { skip: skipReason() }, () => {
  const quota = openCpuQuota(0.2);
  try {
    const [command, ...words] = [...quota.enter, process.execPath, '-e', burning];
    const used = Number(spawnSync(command!, words, { encoding: 'utf8' }).stdout);
    // The share of a CPU that it found: of a whole one where nothing holds it back.
    assert.ok(used > 0.05 && used < 0.4, `${used}`);
  } finally {
    quota.close();
  }
  assert.ok(!existsSync(dirname(quota.enter.at(-1)!)));
});

/** Where no group can be made, as without root, there is nothing to see. */
function skipReason(): string | false {
  try {
    openCpuQuota(0.2).close();
    return false;
  } catch (error) {
    return `no control group with a quota: ${error}`;
  }
}
