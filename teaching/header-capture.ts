import { createSecureServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import { type BrowserContext, chromium } from 'playwright-core';
import { type BrowserHeaders, type Carrier, type RequestKind, requestKinds } from '../network/route/browser-headers.ts';
import { makeCertificate } from '../network/route/certificate.ts';

/** A head as it came, first line included. */
type Head = readonly string[];
type Keep = (head: Head) => void;

/** Of 24 bytes, so that its place among the headers is known. */
const cookie = 'session=0123456789abcdef';
const pageText = '<!doctype html><link rel="icon" href="data:,"><title>Captured</title>';
/** The stream ends at once, so that the reconnecting client sends its last event id. */
const oneEvent = 'retry: 1\nid: 7\ndata: x\n\n';

/** Script of the page: a poll, a publish, an event stream that reconnects, and a WebSocket. */
const visit = `(async () => {
  await fetch('/updates?channel=0&client=0&after=5');
  const body = '[1,1000000,0,"hello"]';
  await fetch('/updates?client=0', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
  new EventSource('/events?channel=0&client=0');
  new WebSocket(location.origin.replace('http', 'ws') + '/socket?channel=0&client=0', 'pvw.json');
})()`;

const seenWithinMs = 20_000;

/**
 * What a headless Chromium sends from a page on loopback, which it treats as it treats pages under TLS: over plain HTTP/1.1,
 * over HTTP/1.1 under TLS, over HTTP/2. `executablePath`: where it is. Rejects when a request does not come.
 */
export async function captureHeaders(executablePath: string): Promise<BrowserHeaders> {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath, args: [...quiet, ...sandbox] });
  try {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const identity = await makeCertificate();
    return {
      browser: `Chromium ${browser.version()}`,
      capturedOn: new Date().toISOString().slice(0, 10),
      heads: {
        http: await captureFrom(context, 'http', (keep) => createServer((socket) => serveRaw(socket, keep))),
        https: await captureFrom(context, 'https', (keep) =>
          createTlsServer({ ...identity, ALPNProtocols: ['http/1.1'] }, (socket) => serveRaw(socket, keep)),
        ),
        h2: await captureFrom(context, 'h2', (keep) => {
          const server = createSecureServer(identity);
          server.on('stream', (stream: ServerHttp2Stream, _: IncomingHttpHeaders, _flags: number, raw: string[]) =>
            serveStream(stream, raw, keep),
          );
          return server;
        }),
      },
    };
  } finally {
    await browser.close();
  }
}

type Heads = Partial<Record<RequestKind, Head>>;

async function captureFrom(context: BrowserContext, carrier: Carrier, open: (keep: Keep) => Server): Promise<Heads> {
  const heads: Heads = {};
  const sockets = new Set<Socket>();
  const server = open((head) => {
    const kind = kindOf(head);
    if (kind) heads[kind] ??= head.map(named);
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const page = await context.newPage();
  try {
    await page.goto(`${carrier === 'http' ? 'http' : 'https'}://127.0.0.1:${port}/`);
    await page.evaluate(visit);
    // Over HTTP/2 a socket is a connection of its own, which this server does not take.
    const wanted = requestKinds.filter((kind) => carrier !== 'h2' || kind !== 'socket');
    await untilSeen(wanted, heads, carrier);
  } finally {
    await page.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
  return inOrder(heads);
}

async function untilSeen(wanted: readonly RequestKind[], heads: Heads, carrier: Carrier): Promise<void> {
  const deadline = performance.now() + seenWithinMs;
  for (;;) {
    const missing = wanted.filter((kind) => !heads[kind]);
    if (missing.length === 0) return;
    if (performance.now() > deadline) throw new Error(`capture over ${carrier}: no ${missing.join(', no ')}`);
    await sleep(20);
  }
}

function inOrder(heads: Heads): Heads {
  return Object.fromEntries(requestKinds.flatMap((kind) => (heads[kind] ? [[kind, heads[kind]]] : [])));
}

/** Replaces the name of headless Chromium in a header line by that of regular Chrome. */
export function named(line: string): string {
  return line.replace('HeadlessChrome/', 'Chrome/').replace('"HeadlessChrome"', '"Google Chrome"');
}

/** Undefined: the page itself. */
function kindOf(head: Head): RequestKind | undefined {
  const path = head.map((line) => /^(?:[A-Z]+|:path:) (\/\w*)/.exec(line)?.[1]).find(Boolean);
  const says = (pattern: RegExp) => head.some((line) => pattern.test(line));
  if (path === '/updates') return says(/^(POST |:method: POST)/) ? 'publish' : 'poll';
  if (path === '/events') return says(/^last-event-id: /i) ? 'resume' : 'events';
  return path === '/socket' ? 'socket' : undefined;
}

type Answer = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };

function answerTo(head: Head): Answer {
  const kind = kindOf(head);
  if (kind === 'events') return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: oneEvent };
  if (kind === 'socket') return { status: 400, headers: {}, body: '' };
  if (kind === 'publish') return { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' };
  // 204 tells EventSource not to reconnect (HTML standard, section 9.2.3).
  if (kind) return { status: 204, headers: {}, body: '' };
  return {
    status: 200,
    headers: { 'content-type': 'text/html', 'set-cookie': `${cookie}; Path=/` },
    body: pageText,
  };
}

/** Reads the requests of one connection from its bytes, so that nothing puts their headers in order. */
function serveRaw(socket: Socket, keep: Keep): void {
  let text = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1');
    for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
      const head = text.slice(0, end).split('\r\n');
      const after = end + 4 + Number(/^content-length: (\d+)$/im.exec(head.join('\n'))?.[1] ?? 0);
      if (text.length < after) return;
      text = text.slice(after);
      keep(head);
      socket.write(rawAnswer(answerTo(head)));
    }
  });
}

function rawAnswer({ status, headers, body }: Answer): string {
  const lines = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(body)) });
  return `HTTP/1.1 ${status} -\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

function serveStream(stream: ServerHttp2Stream, raw: readonly string[], keep: Keep): void {
  const head = raw.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${raw[i + 1]}`] : []));
  keep(head);
  const { status, headers, body } = answerTo(head);
  stream.on('error', () => stream.destroy());
  stream.respond({ ':status': status, ...headers }, { endStream: body === '' });
  if (body !== '') stream.end(body);
}
