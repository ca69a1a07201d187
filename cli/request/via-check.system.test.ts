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

/** The check of a user's own path before a run, and its errors if not everything passes. */
const skip = withoutProxies;

/** The error message of the check, or `nothing` if everything passes. */
async function complaintOf(
  port: number,
  behind: number,
  patienceMs = 1_000,
  asked: Parameters<typeof planRequested>[1] = {},
): Promise<string> {
  const plan = { ...planRequested(['chat-room'], asked), via: viaTo(port, behind) };
  return checkVia({ plan, say: () => {}, warn: () => {}, patienceMs }).then(
    () => 'nothing',
    (error: unknown) => reasonOf(error),
  );
}

/** Starts an HTTP server that is none of pvw's and ends with the test. Returns its port. */
async function answering(t: TestContext, listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, loopback);
  await once(server, 'listening');
  t.after(() => server.close().closeAllConnections());
  return (server.address() as AddressInfo).port;
}

test('if nothing listens at the URL, the error names the URL and the request that was tried', async () => {
  const [port, behind] = await freePorts();
  assert.match(
    await complaintOf(port, behind!),
    /^--via: \S+ does not lead to 127\.0\.0\.1:\d+: tried GET \/updates\?channel=0 for 1 s; nothing listens/,
  );
});

test('if another server answers at the URL, the error quotes its answer', async (t) => {
  const port = await answering(t, (_request, response) => {
    response.setHeader('Server', 'other/1.0').end('<h1>It works!</h1>');
  });
  const [behind] = await freePorts(0);
  assert.match(
    await complaintOf(port, behind),
    /; it answered 200 \(Server: other\/1\.0\), beginning with "<h1>It works!<\/h1>"$/,
  );
});

test('if a server switches protocols unasked, the error names what it answered', async (t) => {
  const switches = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
    );
  }).listen(0, loopback);
  await once(switches, 'listening');
  t.after(() => switches.close());
  const [behind] = await freePorts(0);
  assert.match(
    await complaintOf((switches.address() as AddressInfo).port, behind),
    /does not lead to \S+: tried GET \/updates\?channel=0 for 1 s; it answered 101$/,
  );
});

test('an address that others can reach is announced', async () => {
  const announced = async (host: string) => {
    const [port, behind] = await freePorts();
    const said: string[] = [];
    const via = { ...viaTo(port, behind!), listen: [{ host, port: behind! }] };
    const plan = { ...planRequested(['chat-room'], {}), via };
    await checkVia({ plan, say: () => {}, warn: (line) => said.push(line), patienceMs: 200 }).catch(() => {});
    return said;
  };
  assert.deepEqual(await announced(loopback), []);
  const [line, ...more] = await announced('0.0.0.0');
  assert.match(line!, /^Anyone who can reach 0\.0\.0\.0:\d+ can connect while this run lasts$/);
  assert.deepEqual(more, []);
});

test('if a port of --listen is taken, the error names the port', async (t) => {
  const other = createTcpServer().listen(0, loopback);
  await once(other, 'listening');
  t.after(() => other.close());
  const { port } = other.address() as AddressInfo;
  const [free] = await freePorts(0);
  assert.match(await complaintOf(free, port), new RegExp(`^--listen: port ${port} is taken; end what `));
});

test('a proxy that starts while pvw waits passes the check', { skip }, async (t) => {
  const [port, behind] = await freePorts();
  const checking = complaintOf(port, behind!, 20_000);
  await sleep(1_000);
  await startProxy(t, 'haproxy', port, configurationOf('haproxy', port, behind!));
  assert.equal(await checking, 'nothing');
});

test('if NGINX does not pass on the Upgrade headers, the error names the WebSocket request', { skip }, async (t) => {
  const [port, behind] = await freePorts();
  const shown = configurationOf('nginx', port, behind!).replace(/^.*\$http_upgrade;.*$/m, '');
  await startProxy(t, 'nginx', port, shown);
  assert.match(
    await complaintOf(port, behind!),
    /not everything passes: tried GET \/socket\?\S+ with Upgrade; it answered 4\d\d instead of 101; it has/,
  );
});

test('if NGINX ends a held poll early, the error names the long-polling request', { skip }, async (t) => {
  const [port, behind] = await freePorts();
  const shown = configurationOf('nginx', port, behind!).replace(/proxy_read_timeout \S+;/, 'proxy_read_timeout 300ms;');
  await startProxy(t, 'nginx', port, shown);
  assert.match(
    await complaintOf(port, behind!),
    /tried GET \/updates\?\S*wait=\S+; it answered 504 instead of holding until there was an update$/,
  );
});

test('if a proxy holds a stream back until it ends, the error says that it buffers', async (t) => {
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

test('if a proxy compresses an answer unasked, the error names the request and the encoding', async (t) => {
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

/** Passes a client's request on to the server at port `behind`, as a proxy does. */
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

test('if the certificate is not trusted, the error names the variable that makes it trusted', { skip }, async (t) => {
  const [port, behind] = await freePorts();
  const { pem, crt } = certificate(t);
  await startProxy(t, 'haproxy', port, withTls(configurationOf('haproxy', port, behind!), pem));
  const checked = ['--input-type=module', '--import', 'tsx', '-e', checkingProgram(port, behind!)];
  const untrusted = await said(checked, { PATIENCE_MS: '1000' });
  assert.match(untrusted, /its certificate is not trusted \(\w+\); set NODE_EXTRA_CA_CERTS to the file of its CA$/);
  // More patience, since HAProxy's health check has marked the server as down in the meantime.
  assert.equal(await said(checked, { PATIENCE_MS: '20000', NODE_EXTRA_CA_CERTS: crt }), 'nothing');
});

/** A program that checks an https URL. It needs its own process, since Node.js reads the variable only at its start. */
function checkingProgram(port: number, behind: number): string {
  return `
    import { checkVia } from ${JSON.stringify(resolve(import.meta.dirname, 'via-check.ts'))};
    import { planRequested } from ${JSON.stringify(resolve(import.meta.dirname, 'plan-request.ts'))};
    const listen = [{ host: '127.0.0.1', port: ${behind} }];
    const via = { url: 'https://localhost:${port}', host: 'localhost', port: ${port}, encrypted: true, listen };
    const plan = { ...planRequested(['chat-room'], {}), via };
    await checkVia({ plan, say: () => {}, warn: () => {}, patienceMs: Number(process.env.PATIENCE_MS) }).then(
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
