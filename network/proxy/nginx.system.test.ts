import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectClient, range, until } from '../../contract/harness.ts';
import { startNodeGroup } from '../../contract/node-group.ts';
import { findCommand } from '../../machine/host/system-tools.ts';
import { processIds, workingDirectory } from '../../machine/host/working-directory.ts';
import type { Answer } from '../../machine/process/control.ts';
import type { ProcessSample } from '../../machine/process/process-sample.ts';
import { transports } from '../../protocol/transport.ts';
import { scenarioFields } from '../../scenarios/fields.ts';
import { loopbackAddresses } from '../link/client-addresses.ts';
import { balancings } from '../route/route.ts';
import { type NginxOptions, startNginx } from './nginx.ts';
import type { StartedProxy } from './proxy-main.ts';

const required = Boolean(process.env.CI || process.env.PVW_REQUIRE_TOOLS);
const skip = findCommand('nginx') === undefined && !required && 'nginx is missing: install nginx-light';

function temporary(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'pvw-nginx-test-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function inFrontOf(directory: string, ports: readonly number[], changes: Partial<NginxOptions> = {}): NginxOptions {
  return {
    directory,
    host: '127.0.0.1',
    nodes: ports.map((port) => ({ host: '127.0.0.1', port })),
    balancing: 'ip_hash',
    mistake: null,
    tls: null,
    http: 1,
    connections: 100,
    holdMs: scenarioFields.holdMs.default,
    heartbeatMs: scenarioFields.heartbeatMs.default,
    ...changes,
  };
}

for (const balancing of balancings) {
  for (const transport of transports) {
    test(`${transport} over NGINX with ${balancing} and two nodes: one stream, one order`, { skip }, async (t) => {
      const group = await startNodeGroup();
      const ports = group.nodes.map(({ port }) => port);
      const nginx = await startNginx(inFrontOf(temporary(t), ports, { balancing }));
      t.after(() => {
        nginx.stop();
        return group.close();
      });
      const clients = range(0, 9).map((client) =>
        connectClient(group.nodes[0]!, transport, {
          client,
          port: nginx.port,
          localAddress: loopbackAddresses[client]!,
        }),
      );
      await until(() => clients.every((client) => client.timesSubscribed() > 0), 'all are subscribed');
      for (let sequence = 1; sequence <= 10; sequence++) {
        group.emit(['source', sequence]);
        for (const [number, client] of clients.entries()) client.publish(sequence, [number, sequence]);
      }
      await until(() => clients.every(({ versions }) => versions.length === 110), 'all have all');
      await until(() => clients.every(({ acknowledged }) => acknowledged.length === 10), 'all is acknowledged');
      for (const { versions, payloads, tally } of clients) {
        assert.deepEqual(versions, range(1, 110));
        assert.deepEqual(payloads, clients[0]!.payloads);
        assert.deepEqual([tally.errors, tally.lastError], [0, '']);
      }
      const asked = group.nodes.map(({ context }) => context.visits.size);
      assert.ok(Math.min(...asked) > 0, `clients by node: ${asked}`);
      for (const client of clients) client.close();
    });
  }
}

test('a reload replaces the workers without a failed poll', { skip }, async (t) => {
  const group = await startNodeGroup();
  const nginx = await startNginx(inFrontOf(temporary(t), [group.nodes[0]!.port]));
  t.after(() => {
    nginx.stop();
    return group.close();
  });
  const client = connectClient(group.nodes[0]!, 'short-polling', { port: nginx.port });
  await until(() => client.timesSubscribed() > 0, 'subscribed');
  group.emit('before');
  await until(() => client.versions.length === 1, 'it has come');
  const before = nginx.sample().cpuUs;
  await nginx.reload();
  group.emit('after');
  await until(() => client.versions.length === 2, 'it has come too');
  assert.deepEqual(client.versions, [1, 2]);
  await sleep(200);
  assert.ok(nginx.sample().cpuUs >= before, 'the CPU time of the old workers still counts');
  client.close();
});

test('reports what NGINX used, which grows with its work', { skip }, async (t) => {
  const group = await startNodeGroup();
  const nginx = await startNginx(inFrontOf(temporary(t), [group.nodes[0]!.port]));
  t.after(() => {
    nginx.stop();
    return group.close();
  });
  assert.match(nginx.version, /^\d+\.\d+\.\d+$/);
  assert.equal(nginx.workers, 1);
  const before = nginx.sample();
  for (let i = 0; i < 300; i++) await fetch(`http://127.0.0.1:${nginx.port}/updates?channel=0`).then((a) => a.text());
  const after = nginx.sample();
  assert.ok(after.cpuUs - before.cpuUs > 1_000, `${after.cpuUs - before.cpuUs} µs for 300 polls`);
  assert.ok(after.rssBytes > 1e6 && after.rssBytes < 1e8, `${after.rssBytes} bytes`);
  const { activeMs, idleMs } = after.eventLoop;
  assert.ok(activeMs > 0 && idleMs > 0);
});

test('quotes NGINX’s error for a refused configuration', { skip }, async (t) => {
  const options = inFrontOf(temporary(t), [], {});
  await assert.rejects(startNginx(options), /nginx ended \(exit code 1\): .*no servers are inside upstream/);
});

/** The process that runs NGINX, as the bench starts it. */
function startProxyProcess(t: TestContext) {
  const child = fork(resolve(import.meta.dirname, 'proxy-main.ts'), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  t.after(() => child.kill('SIGKILL'));
  let id = 0;
  const ask = <T>(call: string, argument?: unknown) =>
    new Promise<T>((settled, failed) => {
      const own = id++;
      child.on('message', (message) => {
        const answer = message as Answer;
        if (answer.id !== own) return;
        if ('error' in answer) failed(new Error(answer.error));
        else settled(answer.answer as T);
      });
      child.send({ id: own, call, argument });
    });
  return { child, ask };
}

function nginxIn(directory: string): readonly number[] {
  return processIds().filter((pid) => workingDirectory(pid)?.startsWith(directory));
}

function gone(child: ChildProcess): Promise<void> {
  return new Promise((ended) => child.once('exit', () => ended()));
}

async function started(t: TestContext) {
  const group = await startNodeGroup();
  t.after(group.close);
  const directory = temporary(t);
  const proxy = startProxyProcess(t);
  const told = await proxy.ask<StartedProxy>('start', inFrontOf(directory, [group.nodes[0]!.port]));
  await until(() => nginxIn(directory).length >= 2, 'master and worker run');
  return { ...proxy, directory, told };
}

for (const end of ['disconnect', 'SIGKILL', 'SIGSTOP and SIGKILL'] as const) {
  test(`NGINX ends with the process in charge of it: ${end}`, { skip }, async (t) => {
    const { child, directory, told, ask } = await started(t);
    assert.ok((await ask<ProcessSample>('sample')).cpuUs > 0);
    assert.match(told.configuration, /ip_hash;/);
    const ended = gone(child);
    if (end === 'disconnect') child.disconnect();
    else {
      if (end !== 'SIGKILL') child.kill('SIGSTOP');
      child.kill('SIGKILL');
    }
    await ended;
    await until(() => nginxIn(directory).length === 0, 'nothing of it is left');
    const refused = await new Promise<string>((settled) =>
      connect(told.port, '127.0.0.1').once('error', (error: NodeJS.ErrnoException) => settled(error.code ?? '')),
    );
    assert.equal(refused, 'ECONNREFUSED');
  });
}

test('a killed master takes its workers and the process in charge along, which reports it', {
  skip,
}, async (t) => {
  const { child, directory } = await started(t);
  let said = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  const ended = gone(child);
  const master = nginxIn(directory).find((pid) => /^nginx: master/.test(commandOf(pid)))!;
  process.kill(master, 'SIGKILL');
  await ended;
  await until(() => nginxIn(directory).length === 0, 'nothing of it is left');
  await until(() => /error: nginx ended \(SIGKILL\)/.test(said), 'it says why');
  assert.equal(child.exitCode, 1);
});

test('a killed worker is replaced, and clients reconnect', { skip }, async (t) => {
  const group = await startNodeGroup();
  const directory = temporary(t);
  const nginx = await startNginx(
    inFrontOf(
      directory,
      group.nodes.map(({ port }) => port),
    ),
  );
  t.after(() => {
    nginx.stop();
    return group.close();
  });
  const client = connectClient(group.nodes[0]!, 'websocket', { port: nginx.port });
  await until(() => client.timesSubscribed() === 1, 'subscribed');
  group.emit('before');
  await until(() => client.versions.length === 1, 'it has come');
  process.kill(nginxIn(directory).find((pid) => /^nginx: worker/.test(commandOf(pid)))!, 'SIGKILL');
  await until(() => client.tally.reconnects > 0, 'it was cut off');
  group.emit('after');
  await until(() => client.versions.length === 2, 'it is back');
  assert.deepEqual(client.versions, [1, 2]);
  client.close();
});

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
