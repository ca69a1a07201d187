import assert from 'node:assert/strict';
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { trialChecks } from '../analysis/trial-checks.ts';
import { bundlePrograms } from '../bench/bundle.ts';
import { createLocalFleet } from '../bench/local-fleet.ts';
import { choosePinning } from '../bench/pinning.ts';
import { planTrials } from '../bench/plan.ts';
import { runTrial } from '../bench/trial.ts';
import type { Via } from '../network/via.ts';
import { transports } from '../protocol/transport.ts';
import type { Run } from '../results/schema.ts';
import { planRequested } from './plan-request.ts';
import { findCommand } from './system-tools.ts';
import { checkVia } from './via-check.ts';

/** Proxies as README configures them, and such as do not pass everything on. */
const required = Boolean(process.env.CI || process.env.PVW_REQUIRE_TOOLS);
const commands = { haproxy: findCommand('haproxy'), nginx: findCommand('nginx'), openssl: findCommand('openssl') };
const skip = Object.values(commands).includes(undefined) && !required && 'haproxy, nginx or openssl is missing';

const pvw = resolve(import.meta.dirname, '../bin/pvw.js');
const home = mkdtempSync(join(tmpdir(), 'pvw-via-'));
after(() => rmSync(home, { recursive: true, force: true }));

type ProxyName = 'haproxy' | 'nginx';

/** The configuration that README shows, where the proxy listens on `port` and the server on `behind`. */
function configurationOf(name: ProxyName, port: number, behind: number): string {
  const readme = readFileSync(resolve(import.meta.dirname, '../README.md'), 'utf8');
  const shown = new RegExp(`^\`\`\`${name}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(readme)?.[1];
  assert.ok(shown, `README shows no configuration of ${name}`);
  const [from, to] = [/127\.0\.0\.1:8080/g, /127\.0\.0\.1:8081/g];
  assert.ok(from.test(shown) && to.test(shown), 'it has both addresses');
  return shown.replace(from, `127.0.0.1:${port}`).replace(to, `127.0.0.1:${behind}`);
}

/** What README leaves out: one process in the foreground that keeps to a directory. */
function wholeFile(name: ProxyName, directory: string, shown: string): string {
  if (name === 'haproxy') return shown;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${join(directory, kind)};`,
  );
  return [
    'daemon off;',
    'master_process off;',
    `pid ${join(directory, 'pid')};`,
    'events {}',
    `http {\naccess_log off;\n${temporary.join('\n')}\n${shown}\n}`,
  ].join('\n');
}

/** Starts a proxy with this configuration and ends it with the test. */
async function startProxy(t: TestContext, name: ProxyName, port: number, shown: string): Promise<void> {
  const command = commands[name];
  assert.ok(command, `${name} is missing, and here it is required`);
  const directory = mkdtempSync(join(home, `${name}-`));
  const file = join(directory, `${name}.conf`);
  writeFileSync(file, wholeFile(name, directory, shown));
  const args =
    name === 'haproxy' ? ['-db', '-f', file] : ['-p', directory, '-e', join(directory, 'error.log'), '-c', file];
  execFileSync(command, name === 'haproxy' ? ['-c', '-q', ...args.slice(1)] : ['-t', '-q', ...args]);
  const child = spawn(command, args, { stdio: 'ignore' });
  t.after(() => stop(child));
  await listening(port, child);
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 500 && child.exitCode === null; tries++) {
    const socket = connect(port, '127.0.0.1');
    // A connection that is refused rejects.
    const there = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (there) return;
    await sleep(20);
  }
  assert.fail('the proxy does not listen');
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

function ended(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((settle) => {
    const options = { cwd: home, env: { ...process.env, ...env }, timeout: 120_000, maxBuffer: 64 * 2 ** 20 };
    execFile(process.execPath, [pvw, ...args], options, (error, stdout, stderr) => {
      settle({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

const small = [
  'run',
  'chat-room',
  '--clients',
  '12',
  '--channels',
  '3',
  '--repeats',
  '1',
  '--warmup',
  '1s',
  '--seed',
  'via',
];

describe('four transports go through as README configures it, and the ledger balances', { concurrency: 2 }, () => {
  for (const name of ['haproxy', 'nginx'] as const) test(name, { skip }, (t) => goThrough(t, name));
});

async function goThrough(t: TestContext, name: ProxyName): Promise<void> {
  const [port, behind] = [await freePort(), await freePort()];
  await startProxy(t, name, port, configurationOf(name, port, behind));
  const url = `http://127.0.0.1:${port}`;
  const args = [...small, '--duration', '2s', '--listen', String(behind), '--via', url, '--json', '--out', name];
  const { code, stdout, stderr } = await ended(args);
  // A busy machine may make a trial invalid, which has nothing to do with what it went through.
  assert.ok(code === 0 || code === 4, `${code}: ${stderr}`);
  assert.match(stderr, new RegExp(`Listening on 127\\.0\\.0\\.1:${behind}; waiting up to 30 s for ${url} `));
  const { trials } = JSON.parse(stdout) as Run;
  assert.deepEqual(trials.map(({ transport }) => transport).sort(), [...transports].sort());
  for (const trial of trials) {
    assert.ok(trial.status === 'completed', JSON.stringify(trial));
    assert.equal(trial.path.via, url);
    assert.deepEqual([trial.path.network, trial.path.rttMs], ['loopback', 0]);
    assert.deepEqual(trial.ledger.faults, [], trial.transport);
    assert.equal(trial.updates.accepted, trial.updates.intended);
    assert.ok(trial.latency.delivery.count > 0);
    assert.deepEqual([trial.bytes.packets, trial.hostCpuWindowMs], [null, null]);
    assert.deepEqual([trial.counts.errors, trial.counts.reconnects], [0, 0], trial.transport);
    assert.equal(trial.counts.connections, trial.transport === 'websocket' ? 12 : 24);
    const { down, up } = trial.bytes;
    assert.ok(down.framingBytes >= 0 && up.framingBytes >= 0);
    const codes = trialChecks.flatMap((check) => check(trial)?.code ?? []);
    assert.ok(!codes.some((each) => ['bytes-disagree', 'littles-law'].includes(each)), codes.join());
  }
}

test('two servers stand behind HAProxy, which sends every request to the other, with one stream', {
  skip,
}, async (t) => {
  const [port, first, second] = [await freePort(), await freePort(), await freePort()];
  const one = configurationOf('haproxy', port, first);
  await startProxy(t, 'haproxy', port, `${one}  server node-2 127.0.0.1:${second} check\n  balance roundrobin\n`);
  const path = ['--listen', `${first},${second}`, '--via', `http://127.0.0.1:${port}`];
  const { code, stdout, stderr } = await ended([...small, '--duration', '2s', ...path, '--json', '--out', 'two']);
  assert.ok(code === 0 || code === 4, `${code}: ${stderr}`);
  const { trials } = JSON.parse(stdout) as Run;
  assert.equal(trials.length, transports.length);
  for (const trial of trials) {
    assert.ok(trial.status === 'completed', JSON.stringify(trial));
    assert.deepEqual(trial.ledger.faults, [], trial.transport);
    assert.equal(trial.updates.accepted, trial.updates.intended);
    assert.equal(trial.processes.filter(({ role }) => role === 'server').length, 2);
  }
});

function viaTo(port: number, behind: number): Via {
  const host = '127.0.0.1';
  return { url: `http://${host}:${port}`, host, port, encrypted: false, listen: [{ host, port: behind }] };
}

/** What the check says of a path, with little patience. */
async function complaintOf(port: number, behind: number, patienceMs = 1_000): Promise<string> {
  const via = viaTo(port, behind);
  const plan = { ...planRequested(['chat-room'], {}), via };
  return checkVia({ plan, say: () => {}, patienceMs }).then(
    () => 'nothing',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

test('a URL at which nobody answers is named, with what was tried', async () => {
  const [port, behind] = [await freePort(), await freePort()];
  const said = await complaintOf(port, behind);
  assert.match(
    said,
    /^--via: \S+ does not lead to 127\.0\.0\.1:\d+: tried GET \/updates\?channel=0 for 1 s; nobody listens/,
  );
});

test('a URL at which somebody else answers is not taken for ours', async (t) => {
  const other = createServer((_request, response) => {
    response.setHeader('Server', 'other/1.0').end('<h1>It works!</h1>');
  }).listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close().closeAllConnections());
  const said = await complaintOf((other.address() as AddressInfo).port, await freePort());
  assert.match(said, /; it answered 200 \(Server: other\/1\.0\), beginning with "<h1>It works!<\/h1>"$/);
});

test('a port that is taken is named', async (t) => {
  const other = createTcpServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close());
  const { port } = other.address() as AddressInfo;
  assert.match(await complaintOf(await freePort(), port), new RegExp(`^--listen: port ${port} is taken; end what `));
});

test('a port that is taken when a trial begins fails that trial by its name', async (t) => {
  const other = createTcpServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close());
  const { port } = other.address() as AddressInfo;
  const bundle = await bundlePrograms();
  t.after(() => bundle.remove());
  const via = { ...viaTo(await freePort(), port), url: 'http://a.example' };
  const [trial] = planTrials({ ...planRequested(['chat-room'], { profile: 'smoke' }), via });
  const fleet = createLocalFleet(bundle.programs, choosePinning());
  const record = await runTrial(trial!, { fleet, directory: bundle.directory, openFiles: 1_000, onStage: () => {} });
  assert.ok(record.status === 'failed');
  assert.deepEqual([record.stage, record.path.via], ['start', via.url]);
  assert.equal(record.reason, `port ${port} is taken, and http://a.example leads to it`);
});

test('a proxy that is started while pvw waits is noticed', { skip }, async (t) => {
  const [port, behind] = [await freePort(), await freePort()];
  const checking = complaintOf(port, behind, 20_000);
  await sleep(1_000);
  await startProxy(t, 'haproxy', port, configurationOf('haproxy', port, behind));
  assert.equal(await checking, 'nothing');
});

test('NGINX without the Upgrade headers is told by the transport that it stops', { skip }, async (t) => {
  const [port, behind] = [await freePort(), await freePort()];
  const shown = configurationOf('nginx', port, behind).replace(/^.*\$http_upgrade;.*$/m, '');
  await startProxy(t, 'nginx', port, shown);
  const said = await complaintOf(port, behind);
  assert.match(
    said,
    /not everything passes: tried GET \/socket\?\S+ with Upgrade; it answered 4\d\d instead of 101; it has/,
  );
});

test('NGINX that ends an answer before the hold is told by the transport that it cuts', { skip }, async (t) => {
  const [port, behind] = [await freePort(), await freePort()];
  const shown = configurationOf('nginx', port, behind).replace(/proxy_read_timeout \S+;/, 'proxy_read_timeout 300ms;');
  await startProxy(t, 'nginx', port, shown);
  const said = await complaintOf(port, behind);
  assert.match(said, /tried GET \/updates\?\S*wait=\S+; it answered 504 instead of holding until there was an update$/);
});

test('a proxy that holds a stream back until it ends is told as one that buffers', async (t) => {
  const behind = await freePort();
  const port = await startHoarder(t, behind);
  assert.match(
    await complaintOf(port, behind),
    /tried GET \/events\?\S+; no event came within 5 s: it buffers \(in NGINX/,
  );
});

/** A proxy that hands an answer over when it has all of it. */
async function startHoarder(t: TestContext, behind: number): Promise<number> {
  const proxy = createServer((asked, response) => {
    const { method, url, headers } = asked;
    const onward = request({ host: '127.0.0.1', port: behind, method, path: url, headers }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => response.writeHead(answer.statusCode!, answer.headers).end(Buffer.concat(pieces)));
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    asked.pipe(onward);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.after(() => proxy.close().closeAllConnections());
  return (proxy.address() as AddressInfo).port;
}

for (const version of ['1', '2']) {
  test(`four transports go through HAProxy with TLS and HTTP/${version} towards the clients`, { skip }, async (t) => {
    const [port, behind] = [await freePort(), await freePort()];
    const { pem, crt } = certificate();
    const tls = `$1 ssl crt ${pem} alpn h2,http/1.1`;
    await startProxy(t, 'haproxy', port, configurationOf('haproxy', port, behind).replace(/^( *bind \S+).*$/m, tls));
    const path = ['--listen', String(behind), '--via', `https://localhost:${port}`, '--http', version];
    const args = [...small, '--duration', '2s', ...path, '--json', '--out', `https-${version}`];
    const { code, stdout, stderr } = await ended(args, { NODE_EXTRA_CA_CERTS: crt });
    assert.ok(code === 0 || code === 4, `${code}: ${stderr}`);
    for (const trial of (JSON.parse(stdout) as Run).trials) {
      assert.ok(trial.status === 'completed', JSON.stringify(trial));
      assert.deepEqual(trial.ledger.faults, [], trial.transport);
      assert.equal(trial.path.route?.http, Number(version));
      assert.deepEqual([trial.counts.errors, trial.counts.reconnects], [0, 0], trial.transport);
      assert.ok(trial.bytes.tls!.windowDown > 0 && trial.bytes.tls!.setUpDown > 0);
      // One connection each, as a browser has, but for WebSocket's and where a publish needs its own.
      assert.equal(trial.counts.connections, version === '2' || trial.transport === 'websocket' ? 12 : 24);
    }
  });
}

test('a certificate that nobody trusts is named, with the variable that makes it trusted', { skip }, async (t) => {
  const [port, behind] = [await freePort(), await freePort()];
  const { pem, crt } = certificate();
  const shown = configurationOf('haproxy', port, behind).replace(/^( *bind \S+).*$/m, `$1 ssl crt ${pem}`);
  await startProxy(t, 'haproxy', port, shown);
  const checked = ['--input-type=module', '--import', 'tsx', '-e', checkingProgram(port, behind)];
  const untrusted = await said(checked, { PATIENCE_MS: '1000' });
  assert.match(untrusted, /its certificate is not trusted \(\w+\); set NODE_EXTRA_CA_CERTS to the file of its CA$/);
  // HAProxy has noticed meanwhile that the server was gone.
  assert.equal(await said(checked, { PATIENCE_MS: '20000', NODE_EXTRA_CA_CERTS: crt }), 'nothing');
});

/** A certificate for localhost that signs itself, and with its key in one file, as HAProxy wants it. */
function certificate(): { readonly crt: string; readonly pem: string } {
  assert.ok(commands.openssl, 'openssl is missing, and here it is required');
  const directory = mkdtempSync(join(home, 'certificate-'));
  const [key, crt, pem] = [join(directory, 'key'), join(directory, 'crt'), join(directory, 'pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', crt];
  execFileSync(commands.openssl, [...made, ...subject], { stdio: 'ignore' });
  writeFileSync(pem, readFileSync(key, 'utf8') + readFileSync(crt, 'utf8'));
  return { crt, pem };
}

/** Checks https by its name, in a process of its own: Node reads the variable when it starts. */
function checkingProgram(port: number, behind: number): string {
  return `
    import { checkVia } from ${JSON.stringify(resolve(import.meta.dirname, 'via-check.ts'))};
    import { planRequested } from ${JSON.stringify(resolve(import.meta.dirname, 'plan-request.ts'))};
    const listen = [{ host: '127.0.0.1', port: ${behind} }];
    const via = { url: 'https://localhost:${port}', host: 'localhost', port: ${port}, encrypted: true, listen };
    const plan = { ...planRequested(['chat-room'], {}), via };
    await checkVia({ plan, say: () => {}, patienceMs: Number(process.env.PATIENCE_MS) }).then(
      () => console.log('nothing'),
      (error) => console.log(error.message),
    );`;
}

function said(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((settle, fail) => {
    const options = { cwd: resolve(import.meta.dirname, '..'), env: { ...process.env, ...env }, timeout: 60_000 };
    execFile(process.execPath, args, options, (error, stdout) => (error ? fail(error) : settle(stdout.trim())));
  });
}
