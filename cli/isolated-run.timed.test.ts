import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { assertCounted, ended, oneTrial, pvw, trialIn } from '../testing/commands/isolated-command.ts';
import { until } from '../testing/commands/started-command.ts';

/** Leftovers of an isolated network whose owner was killed before it could clean up. */
const home = mkdtempSync(join(tmpdir(), 'pvw-killed-'));
after(() => rmSync(home, { recursive: true, force: true }));

const kills = 20;
/**
 * Each run is killed at a random time between these two, as multiples of the time until a run has its network. In that
 * range a run loads, builds its network, starts processes and measures. The test first measures the time until the
 * network, since it differs between machines by a factor.
 */
const earliest = 0.25;
const latest = 2.4;
const goneWithinMs = 6_000;

test(`${kills} runs killed with SIGKILL at random times leave nothing after the next run`, async (t) => {
  const mark = `PVW_KILLED_${process.pid}`;
  const generator = xoroshiro128plus(20);
  const before = interfaces();
  const owners: number[] = [];
  let reached = 0;
  const start = (i: number) => {
    const words = [pvw, ...oneTrial, '--network', 'isolated', '--duration', '5s', '--out', `killed-${i}`];
    const env = { ...process.env, TMPDIR: home, [mark]: '1' };
    const child = spawn(process.execPath, words, { cwd: home, env, stdio: 'ignore' });
    owners.push(child.pid!);
    return child;
  };
  // Two at a time, as below. The time is that of the run that has its network first.
  const startedAt = performance.now();
  const first = [start(kills), start(kills + 1)];
  await until(() => namespacesOf(mark).size > 0);
  const reachedMs = performance.now() - startedAt;
  for (const child of first) child.kill('SIGKILL');
  await until(() => processesWith(mark).length === 0, goneWithinMs);
  const kill = async (i: number) => {
    const child = start(i);
    await sleep(uniformInt(generator, Math.round(earliest * reachedMs), Math.round(latest * reachedMs)));
    if (namespacesOf(mark).size > 0) reached++;
    child.kill('SIGKILL');
  };
  // Two at a time, so that a killed run also has an unrelated run beside it.
  for (let i = 0; i < kills; i += 2) await Promise.all([kill(i), kill(i + 1)]);
  const next = await ended(home, [process.execPath, pvw, ...oneTrial, '--network', 'isolated', '--out', 'next']);
  assertCounted(trialIn(next));
  await until(() => processesWith(mark).length === 0, goneWithinMs);
  assert.equal(namespacesOf(mark).size, 0);
  assert.deepEqual(interfaces(), before);
  const left = readdirSync(home).filter((name) => owners.some((pid) => name.startsWith(`pvw-${pid}-`)));
  assert.deepEqual(left, []);
  t.diagnostic(`${reached} of ${kills} had namespaces when they were killed`);
  assert.ok(reached >= kills / 4, `only ${reached} had got far enough`);
});

/** Devices in this namespace that an isolated network might have left. Found by name, since others come and go. */
function interfaces(): readonly string[] {
  return readdirSync('/sys/class/net').filter((name) => /^(inner|outer|to-server|to-client|probe)$/.test(name));
}

/** Ids of the processes with `mark` in their environment. Child processes inherit it. */
function processesWith(mark: string): readonly string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && readProc(name, 'environ').includes(`${mark}=1`));
}

/** Network namespaces of marked processes, except ours. A namespace lives as long as a process is in it. */
function namespacesOf(mark: string): ReadonlySet<string> {
  const ours = linkOf('self');
  return new Set(
    processesWith(mark)
      .map(linkOf)
      .filter((link) => link !== '' && link !== ours),
  );
}

function linkOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return '';
  }
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
