import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { assertCounted, ended, oneTrial, pvw, temporaryHome, trialIn } from '../testing/commands/isolated-command.ts';
import { until } from '../testing/commands/started-command.ts';

/** Leftovers of an isolated network whose owner was killed before it could clean up. */
const home = temporaryHome('pvw-killed-');
after(() => rmSync(home, { recursive: true, force: true }));

const kills = 20;
/** A run loads, builds its network, starts processes, connects clients, and measures for five seconds. */
const measuredMs = 5_000;
const longestWaitMs = 2_500;
/** On a busy machine a trial begins after tens of seconds. */
const startsWithinMs = 60_000;
/** Two are killed at about the same time, beside two unrelated runs. */
const atOnce = 4;

test(`${kills} runs killed with SIGKILL at random times leave nothing after the next run`, async (t) => {
  const mark = `PVW_KILLED_${process.pid}`;
  const generator = xoroshiro128plus(20);
  const before = interfaces();
  const owners: number[] = [];
  let reached = 0;
  /** Kills a run at a random time: the even ones after their start, the odd ones after their trial has begun. */
  const kill = async (i: number) => {
    const words = [pvw, ...oneTrial, '--network', 'isolated', '--duration', `${measuredMs}ms`, '--out', `killed-${i}`];
    const env = { ...process.env, TMPDIR: home, [mark]: `${i}.` };
    const waitMs = uniformInt(generator, 0, longestWaitMs);
    const child = spawn(process.execPath, words, { cwd: home, env, stdio: 'ignore' });
    owners.push(child.pid!);
    const its = `${mark}=${i}.`;
    const hasServer = () => processesWith(its).some((pid) => readProc(pid, 'cmdline').includes('/server.cjs'));
    if (i % 2 === 1) {
      // To look for a file is cheaper than to look through all processes.
      await until(() => readdirSync(home).some((name) => name.startsWith(`pvw-${child.pid}-`)), startsWithinMs);
      await until(hasServer, startsWithinMs);
    }
    await sleep(waitMs);
    if (namespacesOf(its).size > 0) reached++;
    child.kill('SIGKILL');
  };
  for (let i = 0; i < kills; i += atOnce) await Promise.all(Array.from({ length: atOnce }, (_, k) => kill(i + k)));
  const next = await ended(home, [process.execPath, pvw, ...oneTrial, '--network', 'isolated', '--out', 'next']);
  assertCounted(trialIn(next));
  await until(() => processesWith(mark).length === 0);
  assert.equal(namespacesOf(mark).size, 0);
  assert.deepEqual(interfaces(), before);
  const left = readdirSync(home).filter((name) => owners.some((pid) => name.startsWith(`pvw-${pid}-`)));
  assert.deepEqual(left, []);
  t.diagnostic(`${reached} of ${kills} had namespaces when they were killed`);
  assert.ok(reached >= kills / 2, `only ${reached} had got far enough`);
});

/** Devices in this namespace that an isolated network might have left. Found by name, since others come and go. */
function interfaces(): readonly string[] {
  return readdirSync('/sys/class/net').filter((name) => /^(inner|outer|to-server|to-client|probe)$/.test(name));
}

/** Ids of the processes with `mark` in their environment, which child processes inherit. */
function processesWith(mark: string): readonly string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && readProc(name, 'environ').includes(mark));
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
