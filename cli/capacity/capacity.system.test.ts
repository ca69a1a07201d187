import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { capacityOf } from '../../analysis/capacity/capacity.ts';
import { openCpuQuota } from '../../machine/host/cpu-quota.ts';
import { readRun } from '../../results/store/read-run.ts';
import { processesOf, startCommand } from '../../testing/commands/started-command.ts';

/** `pvw capacity` with real processes. Which loads a busy machine carries is not judged here. */
const home = mkdtempSync(join(tmpdir(), 'pvw-capacity-'));
after(() => rmSync(home, { recursive: true }));

const small = ['capacity', 'chat-room', '--channels', '2', '--warmup', '200ms', '--network', 'loopback'];

test('a search over a rate keeps its processes, has enough windows at its bounds, and measures the ceiling of polls', async () => {
  const words = [...small, '--over', 'rate', '--slo', 'latency.p50<5s', '--from', '30', '--to', '40'];
  const { ended, stdout, stderr } = startCommand(home, [
    ...words,
    ...['--transport', 'short-polling', '--poll-interval', '200ms', '--within', '3m', '--out', 'rate'],
  ]);
  assert.equal(await ended, 0, stderr());
  const { record, trials } = readRun(join(home, 'rate'));
  assert.equal(record.status, 'completed');
  const [found] = capacityOf({ record, trials });
  assert.equal(found!.result.kind, 'all-carried', stdout());
  assert.ok(found!.result.lower! > 38 && found!.result.lower! <= 40);
  // RFC 9971 decides by half of 21 s at the most that is tried, after looks at the least and there.
  const windows = found!.readings.map(({ windows: all }) => all.length);
  assert.ok(windows.at(-1)! >= 11, String(windows));
  assert.equal(found!.conditional, found!.result.lower);
  assert.ok(found!.closedLoop!.requestsPerSecond > 100 && found!.closedLoop!.failed === 0);
  // All windows but that of the ceiling follow each other on the same connections.
  const searched = trials.filter((trial) => trial.status === 'completed' && !trial.closedLoop);
  const played = searched.map((trial) => (trial.status === 'completed' ? trial.window.warmupMs : 0));
  assert.deepEqual(
    played,
    [...played].sort((a, b) => a - b),
  );
  assert.equal(new Set(searched.map(({ seed }) => seed)).size, searched.length);
  assert.match(stdout(), /Short polling carries .*the most that was tried/s);
  assert.match(readFileSync(join(home, 'rate/report.html'), 'utf8'), /how much does one server carry/);
});

test('over clients each load has its own connections, searches take turns, and what was measured is kept when it is stopped', async () => {
  const words = [...small, '--over', 'clients', '--rate', '60', '--slo', 'latency.p50<5s', '--from', '10'];
  const { child, ended, stderr, says } = startCommand(home, [
    ...words,
    ...['--searches', '2', '--transport', 'sse', '--out', 'clients'],
  ]);
  await Promise.all([1, 2].map((search) => says(new RegExp(`SSE \\(search ${search}\\) at 20 clients: `))));
  process.kill(-child.pid!, 'SIGINT');
  assert.equal(await ended, 130);
  assert.match(stderr(), /stopping; what has finished is kept/);
  assert.deepEqual(await processesOf(child), []);
  const run = readRun(join(home, 'clients'));
  assert.equal(run.record.status, 'interrupted');
  const clients = run.trials.map((trial) => [
    trial.point.clients,
    trial.status === 'completed' && trial.counts.connections,
  ]);
  // Over SSE a client that publishes has two connections.
  for (const [asked, open] of clients) assert.equal(open, 2 * Number(asked));
  // Each has its turn at a load before one has the next.
  const turns = [...new Set(run.trials.map(({ block, point }) => `${point.clients} by ${block + 1}`))];
  assert.deepEqual(turns.slice(0, 2).toSorted(), ['10 by 1', '10 by 2']);
  assert.match(turns[2]!, /^20 by/);
  for (const { result, rough } of capacityOf(run)) {
    assert.equal(result.kind, 'unfinished');
    assert.ok(rough.lower! >= 20);
  }
});

test('a quota holds the server back, is in the record, and is gone with its group when the search is stopped', {
  skip: quotaRefused(),
}, async () => {
  const words = [...small, '--over', 'clients', '--rate', '60', '--slo', 'latency.p50<5s', '--from', '10'];
  const { child, ended, stderr, says } = startCommand(home, [
    ...words,
    ...['--server-cpus', '0.5', '--transport', 'websocket', '--out', 'quota'],
  ]);
  await says(/WebSocket at 10 clients: /);
  assert.equal(groupsOf(child.pid!).length, 1);
  process.kill(-child.pid!, 'SIGINT');
  assert.equal(await ended, 130, stderr());
  assert.deepEqual(groupsOf(child.pid!), []);
  const { record, trials } = readRun(join(home, 'quota'));
  assert.equal(record.plan.capacity?.serverCpus, 0.5);
  const quotas = trials.map((trial) => trial.status === 'completed' && trial.serverCpus);
  assert.ok(quotas.length > 0 && quotas.every((quota) => quota === 0.5), String(quotas));
});

function groupsOf(pid: number): readonly string[] {
  const parents = ['/sys/fs/cgroup', '/sys/fs/cgroup/cpu'].filter((path) => existsSync(path));
  return parents.flatMap((path) => readdirSync(path)).filter((name) => name.startsWith(`pvw-${pid}-`));
}

function quotaRefused(): string | false {
  try {
    openCpuQuota(0.5).close();
    return false;
  } catch (error) {
    return `no control group with a quota: ${error}`;
  }
}
