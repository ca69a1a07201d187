import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { after, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { type WebSocket, WebSocketServer } from 'ws';
import { until } from '../contract/harness.ts';
import { makeCertificate } from '../network/route/certificate.ts';
import { closeBrowser, newContext, skip } from '../testing/commands/opened-page.ts';

/** What docs/why-websocket.md says of browsers, tried in a real Chromium against real servers. */
after(closeBrowser);

const loopback = '127.0.0.1';
const blankPage = '<!doctype html><link rel="icon" href="data:,"><title>Blank</title>';
const certificate = await makeCertificate();
const eventStream = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' };

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
/** Answers by path; every other path is a blank page. */
type Answers = Readonly<Record<string, Answer>>;
type Served = { readonly port: number; readonly server: Server };

async function serve(t: TestContext, answers: Answers = {}, { tls = false } = {}): Promise<Served> {
  const listener: RequestListener = (request, response) => {
    const answer = answers[request.url ?? ''];
    if (answer) answer(request, response);
    else response.writeHead(200, { 'content-type': 'text/html' }).end(blankPage);
  };
  const server = tls ? createTlsServer(certificate, listener) : createServer(listener);
  t.after(() => close(server));
  return { port: await listening(server), server };
}

async function listening(server: Server, port = 0): Promise<number> {
  server.listen(port, loopback);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function close(server: Server): void {
  server.close();
  server.closeAllConnections();
}

/** WebSockets of a server, and the heads of the requests that asked for one. */
function acceptSockets({ server }: Served): { readonly heads: IncomingMessage[]; readonly sockets: WebSocket[] } {
  const [heads, sockets]: [IncomingMessage[], WebSocket[]] = [[], []];
  new WebSocketServer({ server }).on('connection', (socket, head) => {
    heads.push(head);
    sockets.push(socket);
  });
  return { heads, sockets };
}

async function openPage(t: TestContext, url: string): Promise<Page> {
  const context = await newContext({ ignoreHTTPSErrors: true });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** Opens a WebSocket in the page. Says `open`, the event that came instead, or the error that was thrown. */
function outcomeOfSocket(page: Page, url: string): Promise<string> {
  return page.evaluate(`new Promise((said) => {
    try {
      const socket = new WebSocket(${JSON.stringify(url)});
      for (const kind of ['open', 'error']) socket.addEventListener(kind, () => said(kind));
    } catch (error) {
      said(error.name);
    }
  })`);
}

/** A page that waits for what never comes would wait for ever. */
const options = { skip, timeout: 60_000 };

/** In milliseconds: many times the reconnection time of 1 ms that the streams here ask for. */
const manyReconnectionsMs = 300;

/** The second answer to an EventSource, after a first one with an event that is cut. */
const comesBack: Readonly<Record<string, readonly [answer: Answer, comesBack: boolean]>> = {
  cut: [(_, response) => response.destroy(), true],
  ended: [(_, response) => response.writeHead(200, eventStream).end('data: x\n\n'), true],
  'no-content': [(_, response) => response.writeHead(204).end(), false],
  'bad-gateway': [(_, response) => response.writeHead(502, eventStream).end(), false],
  unavailable: [(_, response) => response.writeHead(503, { 'retry-after': '1' }).end(), false],
  'other-type': [(_, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('data: x\n\n'), false],
};

test(
  'EventSource comes back after a cut or an end, not after a status other than 200 or another type',
  options,
  async (t) => {
    const requests = new Map(Object.keys(comesBack).map((name) => [name, 0]));
    const answers = Object.entries(comesBack).map(([name, [second]]): [string, Answer] => [
      `/${name}`,
      (request, response) => {
        const number = requests.get(name)! + 1;
        requests.set(name, number);
        if (number > 1) second(request, response);
        else response.writeHead(200, eventStream).write('retry: 1\ndata: x\n\n', () => response.destroy());
      },
    ]);
    const { port } = await serve(t, Object.fromEntries(answers));
    const page = await openPage(t, `http://${loopback}:${port}/`);
    await page.evaluate(`globalThis.sources = ${JSON.stringify(Object.keys(comesBack))}.map((name) => {
    const source = new EventSource('/' + name);
    return { name, source };
  })`);
    await until(() => [...requests.values()].every((count) => count >= 2), 'each has come back after the first cut');
    const again = Object.entries(comesBack).filter(([, [, isAgain]]) => isAgain);
    // However long a busy machine takes for it.
    await until(() => again.every(([name]) => requests.get(name)! > 2), 'those that come back have done so again');
    await sleep(manyReconnectionsMs);
    const closed: readonly string[] = await page.evaluate(
      'sources.filter(({ source }) => source.readyState === EventSource.CLOSED).map(({ name }) => name)',
    );
    for (const [name, [, isAgain]] of Object.entries(comesBack)) {
      assert.equal(closed.includes(name), !isAgain, `${name} is ${isAgain ? 'not ' : ''}closed`);
      if (!isAgain) assert.equal(requests.get(name), 2, name);
    }
  },
);

test('EventSource comes back to a server that was gone in between', options, async (t) => {
  const { port } = await serve(t);
  const page = await openPage(t, `http://${loopback}:${port}/`);
  const allowed = { ...eventStream, 'access-control-allow-origin': '*' };
  const startEvents = () =>
    createServer((_, response) => response.writeHead(200, allowed).write('retry: 1\ndata: x\n\n'));
  const first = startEvents();
  const eventsPort = await listening(first);
  await page.evaluate(`globalThis.seen = { events: 0, errors: 0 };
    globalThis.source = new EventSource('http://${loopback}:${eventsPort}/');
    source.onmessage = () => seen.events++;
    source.onerror = () => seen.errors++;`);
  await page.waitForFunction('seen.events === 1');
  close(first);
  // The first error is the cut; the later ones are connections that were refused.
  await page.waitForFunction('seen.errors >= 3');
  assert.equal(await page.evaluate('source.readyState'), 0);
  const second = startEvents();
  t.after(() => close(second));
  await listening(second, eventsPort);
  await page.waitForFunction('seen.events === 2');
});

test(
  'over HTTP/1.1 a page has six connections to an origin, tabs share them, and WebSockets do not count',
  options,
  async (t) => {
    const streams: ServerResponse[] = [];
    const posted: Socket[] = [];
    const served = await serve(t, {
      '/events': (_, response) => {
        streams.push(response.writeHead(200, eventStream));
        response.write('data: x\n\n');
      },
      '/publish': (request, response) => {
        posted.push(request.socket);
        response.end();
      },
    });
    acceptSockets(served);
    const origin = `${loopback}:${served.port}`;
    const page = await openPage(t, `http://${origin}/`);
    await page.evaluate(`globalThis.sources = [1, 2, 3, 4, 5].map(() => new EventSource('/events'))`);
    await until(() => streams.length === 5, 'five streams are open');
    await page.evaluate(`fetch('/publish', { method: 'POST' }).then((answer) => answer.text())`);
    assert.ok(
      !streams.some(({ socket }) => socket === posted[0]),
      'a publish beside a stream has a connection of its own',
    );

    const tab = await page.context().newPage();
    await tab.goto(`http://${origin}/`);
    await tab.evaluate(`globalThis.sources = [6, 7].map(() => new EventSource('/events'))`);
    await until(() => streams.length === 6, 'the sixth is open');
    assert.equal(await outcomeOfSocket(tab, `ws://${origin}/`), 'open');
    await sleep(manyReconnectionsMs);
    assert.equal(streams.length, 6, 'the seventh waits');
    await page.evaluate('sources[0].close()');
    await until(() => streams.length === 7, 'it takes the place of one that ended');
  },
);

test('over HTTP/2 streams and publishes share one connection, and the seventh does not wait', options, async (t) => {
  const server = createSecureServer(certificate);
  let sessions = 0;
  const paths: string[] = [];
  server.on('session', (session) => {
    sessions++;
    t.after(() => session.destroy());
  });
  server.on('stream', (stream, { ':path': path = '' }) => {
    paths.push(path);
    stream.respond({ ':status': 200, ...(path === '/events' ? eventStream : { 'content-type': 'text/html' }) });
    if (path === '/events') stream.write('data: x\n\n');
    else stream.end(blankPage);
  });
  server.listen(0, loopback);
  await once(server, 'listening');
  t.after(() => server.close());
  const page = await openPage(t, `https://${loopback}:${(server.address() as AddressInfo).port}/`);
  await page.evaluate(`globalThis.sources = Array.from({ length: 8 }, () => new EventSource('/events'))`);
  await until(() => paths.filter((path) => path === '/events').length === 8, 'all eight are open');
  await page.evaluate(`fetch('/publish', { method: 'POST' }).then((answer) => answer.text())`);
  assert.ok(paths.includes('/publish'));
  assert.equal(sessions, 1);
});

test(
  'a page can give a fetch an Authorization header, EventSource and WebSocket none; Basic waits for a 401',
  options,
  async (t) => {
    const fetched: IncomingMessage[] = [];
    const served = await serve(t, {
      '/fetched': (request, response) => {
        fetched.push(request);
        response.end();
      },
    });
    const { heads } = acceptSockets(served);
    const origin = `${loopback}:${served.port}`;
    const page = await openPage(t, `http://${origin}/`);
    await page.evaluate(`(async () => {
    const headers = { Authorization: 'Bearer token' };
    await fetch('/fetched', { headers });
    const ways = [
      () => new EventSource('/fetched', { headers }),
      () => new WebSocket('ws://${origin}/'),
      () => new WebSocket('ws://${origin}/', { headers }),
      () => new WebSocket('ws://${origin}/', [], { headers }),
    ];
    await Promise.all(ways.map((way) => new Promise((done) => {
      try {
        const opened = way();
        opened.onopen = opened.onerror = done;
      } catch {
        done();
      }
    })));
  })()`);
    assert.deepEqual(
      fetched.map(({ headers }) => headers.authorization),
      ['Bearer token', undefined],
    );
    assert.ok(heads.length >= 2, `${heads.length} handshakes`);
    assert.equal(await outcomeOfSocket(page, `ws://name:password@${origin}/`), 'open');
    assert.deepEqual(
      heads.map(({ headers }) => headers.authorization),
      heads.map(() => undefined),
    );

    const asking = await serve(t);
    const asked: (string | undefined)[] = [];
    asking.server.on('upgrade', ({ headers }, socket) => {
      asked.push(headers.authorization);
      socket.end('HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="a"\r\nContent-Length: 0\r\n\r\n');
    });
    await outcomeOfSocket(page, `ws://name:password@${loopback}:${asking.port}/`);
    assert.deepEqual(asked.slice(0, 2), [undefined, `Basic ${Buffer.from('name:password').toString('base64')}`]);
  },
);

test('the browser answers pings, and a page learns of neither ping nor comment', options, async (t) => {
  const served = await serve(t, {
    '/events': (_, response) => response.writeHead(200, eventStream).write(':\n\n:\n\ndata: x\n\n'),
  });
  const { sockets } = acceptSockets(served);
  const page = await openPage(t, `http://${loopback}:${served.port}/`);
  await page.evaluate(`
    globalThis.seen = { socket: [], source: [] };
    const watch = (target, kinds, list) => kinds.forEach((kind) => target.addEventListener(kind, () => list.push(kind)));
    globalThis.socket = new WebSocket('ws://${loopback}:${served.port}/');
    watch(socket, ['open', 'message', 'ping', 'pong', 'error', 'close'], seen.socket);
    watch(new EventSource('/events'), ['open', 'message', 'comment', 'error'], seen.source);
  `);
  await until(() => sockets.length === 1, 'the socket is open');
  const [socket] = sockets as [WebSocket];
  for (const word of ['one', 'two']) {
    const answered = once(socket, 'pong');
    socket.ping(word);
    assert.equal(String((await answered)[0]), word);
  }
  socket.send('a message');
  await page.waitForFunction(`seen.socket.includes('message') && seen.source.includes('message')`);
  assert.deepEqual(await page.evaluate('seen'), { socket: ['open', 'message'], source: ['open', 'message'] });
  assert.deepEqual(await page.evaluate(`['ping', 'pong'].filter((name) => name in socket)`), []);
});

test(
  'a page of another site opens a WebSocket, and of the cookies only SameSite=None comes along',
  options,
  async (t) => {
    const cookies = ['none=1; SameSite=None', 'lax=1; SameSite=Lax', 'strict=1; SameSite=Strict', 'unsaid=1'];
    const target = await serve(
      t,
      {
        '/login': (_, response) =>
          response.writeHead(200, { 'set-cookie': cookies.map((each) => `${each}; Secure`) }).end(blankPage),
      },
      { tls: true },
    );
    const { heads } = acceptSockets(target);
    const { port } = await serve(t, {}, { tls: true });
    const page = await openPage(t, `https://${loopback}:${target.port}/login`);
    // A site is scheme and host without the port, so another port is another origin of the same site.
    for (const host of ['localhost', loopback]) {
      await page.goto(`https://${host}:${port}/`);
      assert.equal(await outcomeOfSocket(page, `wss://${loopback}:${target.port}/`), 'open', host);
    }
    const sent = heads.map(({ headers }) => [headers.origin, headers.cookie?.split('; ').sort()]);
    assert.deepEqual(sent, [
      [`https://localhost:${port}`, ['none=1']],
      [`https://${loopback}:${port}`, ['lax=1', 'none=1', 'strict=1', 'unsaid=1']],
    ]);
  },
);

test('a page under HTTPS may open ws:// to its own machine only', options, async (t) => {
  const { port } = await serve(t, {}, { tls: true });
  const plain = await serve(t);
  const { heads } = acceptSockets(plain);
  const page = await openPage(t, `https://${loopback}:${port}/`);
  for (const host of ['localhost', loopback]) {
    assert.equal(await outcomeOfSocket(page, `ws://${host}:${plain.port}/`), 'open', host);
  }
  assert.equal(await outcomeOfSocket(page, `ws://example.com:${plain.port}/`), 'SecurityError');
  assert.equal(heads.length, 2);
});
