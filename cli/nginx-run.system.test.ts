import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { findCommand } from '../machine/host/system-tools.ts';
import { processIds, workingDirectory } from '../machine/host/working-directory.ts';
import { readRun } from '../results/store/read-run.ts';
import { shortRun, startCommand, until } from '../testing/commands/started-command.ts';

/** Runs of the command with options for a path through NGINX. */
const required = Boolean(process.env.CI || process.env.PVW_REQUIRE_TOOLS);
const skip = findCommand('nginx') === undefined && !required && 'nginx is missing: install nginx-light';
const home = mkdtempSync(join(tmpdir(), 'pvw-proxied-'));
after(() => rmSync(home, { recursive: true }));

const quick = [...shortRun, '--proxy', 'nginx', '--rtt', '0', '--network', 'loopback'];

/** Ids of a command's NGINX processes. They run in a directory that is named after the command's process id. */
function nginxOf(pid: number): readonly number[] {
  return processIds().filter((each) => workingDirectory(each)?.includes(`/pvw-${pid}-`));
}

test('--proxy nginx: the configuration is in the record and in a file beside the records', { skip }, async () => {
  const words = [...quick, '--transport', 'websocket', '--duration', '1s', '--out', 'good'];
  const { child, ended, stderr } = startCommand(home, words);
  const code = await ended;
  assert.ok(code === 0 || code === 4, `${code}: ${stderr()}`);
  const { trials } = readRun(join(home, 'good'));
  assert.ok(trials[0]!.status === 'completed', JSON.stringify(trials[0]));
  assert.deepEqual(trials[0]!.ledger.faults, []);
  const kept = readFileSync(join(home, 'good/nginx/nginx-2-nodes.conf'), 'utf8');
  assert.equal(kept, trials[0]!.proxy!.configuration);
  assert.deepEqual(nginxOf(child.pid!), []);
});

test('--mistake: the trial fails with the symptom, the run still ends with 0, and the configuration is kept', {
  skip,
}, async () => {
  const mistake = ['--mistake', 'no-upgrade-headers', '--transport', 'websocket', '--duration', '1s', '--out', 'wrong'];
  const { ended, stderr } = startCommand(home, [...quick, ...mistake]);
  assert.equal(await ended, 0, stderr());
  assert.match(stderr(), /failed .*answered with 4\d\d.*The mistake no-upgrade-headers/);
  assert.match(readFileSync(join(home, 'wrong/nginx/nginx-2-nodes-no-upgrade-headers.conf'), 'utf8'), /THE MISTAKE/);
  assert.ok(existsSync(join(home, 'wrong/report.html')));
});

test('--storm: the record has the storm, and the ledger has no faults', { skip }, async () => {
  const storm = ['--storm', 'node-killed', '--transport', 'websocket', '--duration', '3s', '--out', 'storm'];
  const { ended, stderr } = startCommand(home, [...quick, ...storm]);
  const code = await ended;
  assert.ok(code === 0 || code === 4, `${code}: ${stderr()}`);
  const { record, trials } = readRun(join(home, 'storm'));
  assert.equal(record.plan.storm, 'node-killed');
  assert.ok(trials[0]!.status === 'completed', JSON.stringify(trials[0]));
  assert.deepEqual(trials[0]!.ledger.faults, []);
  assert.equal(trials[0]!.storm!.kind, 'node-killed');
});

for (const signal of ['SIGKILL', 'SIGINT'] as const) {
  test(`${signal} while NGINX runs leaves no NGINX process`, { skip }, async () => {
    const words = [...quick, '--transport', 'sse', '--duration', '20s', '--out', `stop-${signal}`];
    const { child, ended, until: untilInRun } = startCommand(home, words);
    await untilInRun(() => nginxOf(child.pid!).length >= 2);
    await sleep(300);
    child.kill(signal);
    await ended;
    await until(() => nginxOf(child.pid!).length === 0, 3_000);
  });
}
