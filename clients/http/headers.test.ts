import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { clockSince, newEpoch } from '../../machine/process/clock.ts';
import { browserHeaders, type HeaderLine, linesOf, type RequestKind } from '../../network/route/browser-headers.ts';
import { directRoute, type Route } from '../../network/route/route.ts';
import { createSocketBytes } from '../../network/sockets/socket-bytes.ts';
import { codecs } from '../../protocol/codec.ts';
import { createExchangeLog } from '../../protocol/exchange.ts';
import type { Transport } from '../../protocol/transport.ts';
import { scenarioFields } from '../../scenarios/fields.ts';
import { emptyLoadTally, type Subscriber, type TransportClient } from '../subscriber/transport-client.ts';
import { openClient } from '../transports.ts';
import { cookieOf, requestHeaders } from './headers.ts';

/** A server that keeps the bytes of each connection and never answers. */
async function startKeeper(t: TestContext) {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let text = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      if (end >= 0) heads.push(text.slice(0, end + 4));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    /** The first complete request head. */
    head: async () => {
      while (heads.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
      return heads[0]!;
    },
  };
}

function open(port: number, transport: Transport, route: Route, after: number | undefined): TransportClient {
  const subscriber: Subscriber = {
    client: 0,
    channel: 0,
    after: () => after,
    update: () => {},
    joinedEmpty: () => {},
    subscribed: () => {},
    gone: () => {},
    lost: () => {},
    acknowledged: () => {},
    compressed: () => {},
    receivedBytes: () => 0,
  };
  return openClient[transport](
    {
      host: '127.0.0.1',
      port,
      route,
      codec: codecs.json,
      implementation: 'lean' as const,
      holdMs: scenarioFields.holdMs.default,
      publishes: false,
      sockets: createSocketBytes(),
      tally: emptyLoadTally(),
      exchange: createExchangeLog(clockSince(newEpoch())),
      random: () => 0.5,
    },
    subscriber,
  );
}

type Asked = { readonly transport: Transport; readonly after: number | undefined; readonly publish?: string };

/** How to make our clients send each request of the captured page. */
const asked: Readonly<Record<RequestKind, Asked>> = {
  poll: { transport: 'short-polling', after: 5 },
  publish: { transport: 'short-polling', after: undefined, publish: '[1,1000000,0,"hello"]' },
  events: { transport: 'sse', after: undefined },
  resume: { transport: 'sse', after: 7 },
  socket: { transport: 'websocket', after: undefined },
};

async function headOf(t: TestContext, kind: RequestKind, route: Route) {
  const { transport, after, publish } = asked[kind];
  const { port, head } = await startKeeper(t);
  const client = open(port, transport, route, after);
  t.after(() => client.close());
  if (publish === undefined) client.connect();
  else client.publish(1, Buffer.from(publish));
  return { head: await head(), port };
}

/** Lines sorted by name, with values that depend on the destination replaced. */
function comparable(lines: readonly HeaderLine[]): readonly string[] {
  return lines
    .map(([name, value]) => {
      const lower = name.toLowerCase();
      if (lower === 'cookie' || lower === 'sec-websocket-key') return `${lower}: ${value.length} bytes`;
      return `${lower}: ${value.replace(/127\.0\.0\.1:\d{5}/, 'host')}`;
    })
    .sort();
}

const browser: Route = { ...directRoute, headers: 'browser' };
const capturedCookieBytes = 24;

for (const kind of Object.keys(asked) as RequestKind[]) {
  const captured = browserHeaders.heads.http[kind]!;

  test(`${kind}: the browser profile sends as many header bytes as the capture`, async (t) => {
    const { head, port } = await headOf(t, kind, { ...browser, cookieBytes: capturedCookieBytes });
    const [requestLine, ...sent] = head.trimEnd().split('\r\n');
    assert.deepEqual(comparable(linesOf(sent)), comparable(linesOf(captured)));
    const bytesOf = (lines: readonly string[]) => lines.slice(1).reduce((sum, line) => sum + line.length + 2, 0);
    // Both ports have five digits.
    assert.ok(port > 9_999 && captured.some((line) => /127\.0\.0\.1:\d{5}$/.test(line)));
    assert.equal(bytesOf([requestLine!, ...sent]), bytesOf(captured));
  });

  test(`${kind}: names are in the order of the capture, except those that undici writes`, async (t) => {
    const { head } = await headOf(t, kind, { ...browser, cookieBytes: capturedCookieBytes });
    const names = (lines: readonly string[]) => linesOf(lines).map(([name]) => name);
    const byLibrary = kind === 'socket' ? [] : ['host', 'connection', 'content-length'];
    const others = (lines: readonly string[]) => names(lines).filter((name) => !byLibrary.includes(name.toLowerCase()));
    const sent = head.trimEnd().split('\r\n').slice(1);
    assert.deepEqual(others(sent), others(captured.slice(1)));
    assert.equal(names(sent)[0]!.toLowerCase(), 'host');
  });

  test(`${kind}: a cookie has exactly the requested length, in both profiles`, async (t) => {
    for (const profile of [directRoute, browser]) {
      const without = await headOf(t, kind, profile);
      assert.doesNotMatch(without.head, /^cookie:/im);
      for (const cookieBytes of [1, 24, 1_000, 4_000]) {
        const { head } = await headOf(t, kind, { ...profile, cookieBytes });
        assert.equal(/^cookie: (.*)\r$/im.exec(head)?.[1]?.length, cookieBytes);
        assert.equal(head.length - without.head.length, 'cookie: \r\n'.length + cookieBytes);
      }
    }
  });
}

const minimalLines: Readonly<Record<RequestKind, (port: number) => readonly string[]>> = {
  poll: (port) => [
    'GET /updates?channel=0&client=0&after=5 HTTP/1.1',
    `host: 127.0.0.1:${port}`,
    'connection: keep-alive',
  ],
  publish: (port) => [
    'POST /updates?client=0 HTTP/1.1',
    `host: 127.0.0.1:${port}`,
    'connection: keep-alive',
    'content-type: application/json',
    'content-length: 21',
  ],
  events: (port) => [
    'GET /events?channel=0&client=0 HTTP/1.1',
    `host: 127.0.0.1:${port}`,
    'connection: keep-alive',
    'accept: text/event-stream',
  ],
  resume: (port) => [
    'GET /events?channel=0&client=0 HTTP/1.1',
    `host: 127.0.0.1:${port}`,
    'connection: keep-alive',
    'accept: text/event-stream',
    'last-event-id: 7',
  ],
  socket: (port) => [
    'GET /socket?channel=0&client=0 HTTP/1.1',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Protocol: pvw.json',
    `Host: 127.0.0.1:${port}`,
  ],
};

for (const kind of Object.keys(minimalLines) as RequestKind[]) {
  test(`${kind}: the minimal profile sends only what is needed; compression adds accept-encoding`, async (t) => {
    const steady = (head: string) => head.replace(/(Sec-WebSocket-Key): \S+/, '$1: AAAAAAAAAAAAAAAAAAAAAA==');
    const plain = await headOf(t, kind, directRoute);
    assert.equal(steady(plain.head), `${minimalLines[kind](plain.port).join('\r\n')}\r\n\r\n`);
    const { head } = await headOf(t, kind, { ...directRoute, compression: { contextTakeover: true } });
    const more = {
      poll: 'accept-encoding: gzip\r\n',
      publish: '',
      events: 'accept-encoding: gzip\r\n',
      resume: 'accept-encoding: gzip\r\n',
      socket: 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n',
    }[kind];
    assert.ok(head.includes(more));
    assert.equal(head.length, plain.head.length + more.length);
  });
}

test('TLS and HTTP/2 use the lines captured there, with the client’s destination', () => {
  const destination = { host: '10.0.0.11', port: 443 };
  const tls = { resumption: true };
  const lines = (route: Route, kind: RequestKind) =>
    new Map(requestHeaders({ ...destination, route }, kind).map(([name, value]) => [name.toLowerCase(), value]));
  const publish = lines({ ...browser, tls }, 'publish');
  assert.equal(publish.get('origin'), 'https://10.0.0.11');
  assert.equal(publish.get('referer'), 'https://10.0.0.11/');
  const h2 = requestHeaders({ ...destination, route: { ...browser, tls, http: 2 } }, 'poll').map(([name]) => name);
  const captured = linesOf(browserHeaders.heads.h2.poll!).map(([name]) => name);
  assert.deepEqual(
    h2,
    captured.filter((name) => name !== 'cookie'),
  );
  assert.deepEqual(
    lines({ ...browser, tls, http: 2 }, 'socket').get('host'),
    '10.0.0.11',
    'a WebSocket beside HTTP/2 uses HTTP/1.1',
  );
});

test('a cookie looks random and is always the same', () => {
  assert.equal(cookieOf(300), cookieOf(300));
  assert.match(cookieOf(300), /^session=[\w-]{292}$/);
  assert.ok(new Set(cookieOf(300)).size > 40);
});
