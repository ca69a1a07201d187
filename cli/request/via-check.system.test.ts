import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener, request } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync } from 'node:zlib';
import { projectRoot } from '../../machine/host/project-root.ts';
import {
  certificate,
  configurationOf,
  freePorts,
  loopback,
  startProxy,
  viaTo,
  withoutProxies,
  withTls,
} from '../../testing/commands/via-proxies.ts';
import { reasonOf } from '../../text/reason.ts';
import { planRequested } from './plan-request.ts';
import { checkVia } from './via-check.ts';

/** What is said before a run of a path on which not everything passes. */
const skip = withoutProxies;

/** What the check says of a path, with little patience. */
async function complaintOf(
  port: number,
  behind: number,
  patienceMs = 1_000,
  asked: Parameters<typeof planRequested>[1] = {},
): Promise<string> {
  const plan = { ...planRequested(['chat-room'], asked), via: viaTo(port, behind) };
  return checkVia({ plan, say: () => {}, patienceMs }).then(
    () => 'nothing',
    (error: unknown) => reasonOf(error),
  );
}

/** A server of somebody else's; ends with the test. */
async function answering(t: TestContext, listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, loopback);
  await once(server, 'listening');
  t.after(() => server.close().closeAllConnections());
  return (server.address() as AddressInfo).port;
}

test('a URL at which nobody answers is named, with what was tried', async () => {
  const [port, behind] = await freePorts();
  assert.match(
    await complaintOf(port, behind!),
    /^--via: \S+ does not lead to 127\.0\.0\.1:\d+: tried GET \/updates\?channel=0 for 1 s; nobody listens/,
  );
});

test('a URL at which somebody else answers is not taken for ours', async (t) => {
  const port = await answering(t, (_request, response) => {
    response.setHeader('Server', 'other/1.0').end('<h1>It works!</h1>');
  });
  const [behind] = await freePorts(0);
  assert.match(
    await complaintOf(port, behind),
    /; it answered 200 \(Server: other\/1\.0\), beginning with "<h1>It works!<\/h1>"$/,
  );
});

test('a port that is taken is named', async (t) => {
  const other = createTcpServer().listen(0, loopback);
  await once(other, 'listening');
  t.after(() => other.close());
  const { port } = other.address() as AddressInfo;
  const [free] = await freePorts(0);
  assert.match(await complaintOf(free, port), new RegExp(`^--listen: port ${port} is taken; end what `));
});

test('a proxy that is started while pvw waits is noticed', { skip }, async (t) => {
  const [port, behind] = await freePorts();
  const checking = complaintOf(port, behind!, 20_000);
  await sleep(1_000);
  await startProxy(t, 'haproxy', port, configurationOf('haproxy', port, behind!));
  assert.equal(await checking, 'nothing');
});

test('NGINX without the Upgrade headers is told by the transport that it stops', { skip }, async (t) => {
  const [port, behind] = await freePorts();
  const shown = configurationOf('nginx', port, behind!).replace(/^.*\$http_upgrade;.*$/m, '');
  await startProxy(t, 'nginx', port, shown);
  assert.match(
    await complaintOf(port, behind!),
    /not everything passes: tried GET \/socket\?\S+ with Upgrade; it answered 4\d\d instead of 101; it has/,
  );
});

test('NGINX that ends an answer before the hold is told by the transport that it cuts', { skip }, async (t) => {
  const [port, behind] = await freePorts();
  const shown = configurationOf('nginx', port, behind!).replace(/proxy_read_timeout \S+;/, 'proxy_read_timeout 300ms;');
  await startProxy(t, 'nginx', port, shown);
  assert.match(
    await complaintOf(port, behind!),
    /tried GET \/updates\?\S*wait=\S+; it answered 504 instead of holding until there was an update$/,
  );
});

test('a proxy that holds a stream back until it ends is told as one that buffers', async (t) => {
  const [behind] = await freePorts(0);
  const port = await answering(t, (asked, response) => {
    const onward = passOn(behind, asked, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => response.writeHead(answer.statusCode!, answer.headers).end(Buffer.concat(pieces)));
    });
    response.on('close', () => onward.destroy());
  });
  assert.match(
    await complaintOf(port, behind),
    /tried GET \/events\?\S+; no event came within 5 s: it buffers \(in NGINX/,
  );
});

test('a proxy that compresses what nobody asked to is told by what it compresses with', async (t) => {
  const [behind] = await freePorts(0);
  const all = await answering(t, (_request, response) => {
    response.writeHead(200, { 'content-encoding': 'br', server: 'edge' }).end(brotliCompressSync('[]'));
  });
  assert.match(
    await complaintOf(all, behind),
    /; it answered 200 \(Server: edge\) with content-encoding br, which was not asked for$/,
  );
  const some: readonly (readonly [RegExp, RegExp])[] = [
    [/^GET \/events/, /tried GET \/events\?\S+; it answered with content-encoding zstd, which was not asked for$/],
    [
      /^GET \/updates.*wait=/,
      /tried GET \/updates\?\S+; it answered with content-encoding zstd, which was not asked for$/,
    ],
    [/^POST/, /tried POST \S+; it answered with content-encoding zstd, which was not asked for$/],
  ];
  for (const [compressed, complaint] of some) {
    const port = await answering(t, (asked, response) => {
      const onward = passOn(behind, asked, (answer) => {
        const isHit = compressed.test(`${asked.method} ${asked.url}`);
        response.writeHead(answer.statusCode!, { ...answer.headers, ...(isHit && { 'content-encoding': 'zstd' }) });
        answer.pipe(response);
      });
      response.on('close', () => onward.destroy());
    });
    const withoutSockets = { transport: ['long-polling', 'sse'] as const };
    assert.match(await complaintOf(port, behind, 1_000, withoutSockets), complaint);
  }
});

/** What a proxy asks the server for its client. */
function passOn(
  behind: number,
  asked: Parameters<RequestListener>[0],
  onAnswer: NonNullable<Parameters<typeof request>[2]>,
) {
  const { method, url, headers } = asked;
  const onward = request({ host: loopback, port: behind, method, path: url, headers }, onAnswer);
  onward.on('error', () => asked.destroy());
  asked.pipe(onward);
  return onward;
}

test('a certificate that nobody trusts is named, with the variable that makes it trusted', { skip }, async (t) => {
  const [port, behind] = await freePorts();
  const { pem, crt } = certificate(t);
  await startProxy(t, 'haproxy', port, withTls(configurationOf('haproxy', port, behind!), pem));
  const checked = ['--input-type=module', '--import', 'tsx', '-e', checkingProgram(port, behind!)];
  const untrusted = await said(checked, { PATIENCE_MS: '1000' });
  assert.match(untrusted, /its certificate is not trusted \(\w+\); set NODE_EXTRA_CA_CERTS to the file of its CA$/);
  // HAProxy has noticed meanwhile that the server was gone.
  assert.equal(await said(checked, { PATIENCE_MS: '20000', NODE_EXTRA_CA_CERTS: crt }), 'nothing');
});

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
    const options = { cwd: projectRoot, env: { ...process.env, ...env }, timeout: 60_000 };
    execFile(process.execPath, args, options, (error, stdout) => (error ? fail(error) : settle(stdout.trim())));
  });
}
