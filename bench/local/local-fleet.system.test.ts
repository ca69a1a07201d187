import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Role } from '../fleet/fleet.ts';
import { createLocalFleet } from './local-fleet.ts';
import { unpinned } from './pinning.ts';

/** A fleet in which every role is this program. */
function fleetOf(t: TestContext, program: string) {
  const directory = mkdtempSync(join(tmpdir(), 'pvw-dying-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'dying.cjs');
  writeFileSync(file, program);
  const roles: readonly Role[] = ['server', 'load', 'source', 'relay', 'backplane', 'proxy'];
  const programs = Object.fromEntries(roles.map((role) => [role, file])) as Record<Role, string>;
  const fleet = createLocalFleet(programs, unpinned);
  t.after(() => fleet.stop());
  return fleet;
}

test('a process that dies is lost, with its last lines of output', async (t) => {
  const fleet = fleetOf(
    t,
    `console.error('first of many');
     for (const line of ['disk is full', 'cannot write the log', 'giving up']) console.error(line);
     process.on('message', () => {
       throw new TypeError('no way to go on');
     });`,
  );
  const server = await fleet.start('server', 'server-2');
  const message =
    'server-2 ended (exit code 1): first of many | disk is full | cannot write the log | giving up | TypeError: no way to go on';
  await assert.rejects(server.ask('sample'), { message });
  await assert.rejects(fleet.lost, { message });
});

test('a process that dies without output is lost by its signal', async (t) => {
  const fleet = fleetOf(t, "process.kill(process.pid, 'SIGKILL');");
  await fleet.start('load', 'load-1');
  await assert.rejects(fleet.lost, { message: 'load-1 ended (SIGKILL)' });
});

test('a question to a process that is ending is answered with how it ended', async (t) => {
  const fleet = fleetOf(
    t,
    // Where both questions come in one piece, Node.js 20 throws an error of its own while it closes the channel.
    `process.on('uncaughtException', () => {});
     process.once('message', () => {
       process.disconnect();
       setTimeout(() => {
         console.error('no way to go on');
         process.exit(3);
       }, 300);
     });`,
  );
  const proxy = await fleet.start('proxy', 'nginx');
  const message = 'nginx ended (exit code 3): no way to go on';
  const first = assert.rejects(proxy.ask('sample'), { message });
  await sleep(150);
  await assert.rejects(proxy.ask('sample'), { message });
  await first;
});
