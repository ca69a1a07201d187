import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { bundlePrograms } from '../../bench/local/bundle.ts';
import { runLocally } from '../../bench/local/local-site.ts';
import { unpinned } from '../../bench/local/pinning.ts';
import type { IsolatedNetwork } from '../../network/isolated/isolated.ts';
import { innerDevice } from '../../network/link/link-plan.ts';
import { directRoute, type Route } from '../../network/route/route.ts';
import { type Transport, transports } from '../../protocol/transport.ts';
import { type CompletedTrial, type TrialRecord, trialRecord } from '../../results/schema/schema.ts';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import { type CapturedFrame, startCapture } from './capture.ts';
import { type CapturedStream, encrypted, tlsStreams } from './captured-tls.ts';
import { isolatedTrial, smallScenario } from './isolated-trial.ts';

const overTls: Route = { ...directRoute, tls: { resumption: true } };
const overHttp2: Route = { ...overTls, http: 2 };
const bundle = await bundlePrograms();
after(() => bundle.remove());

const macs = { server: '020000000001', client: '020000000002' } as const;

/** Captures whole frames, because the content of segments is needed. */
const wholeFrame = 65_535;

type Observed = { readonly record: CompletedTrial; readonly streams: readonly CapturedStream[] };

/** A trial, and the captured streams until its last quiet edge. */
async function observe(transport: Transport, route: Route, rttMs: number): Promise<Observed> {
  let lastReadAtMs = 0;
  let stop: () => Promise<readonly CapturedFrame[]> = async () => [];
  const prepare = async (network: IsolatedNetwork): Promise<IsolatedNetwork> => {
    const file = join(bundle.directory, `${transport}-${route.http}-${rttMs}.pcap`);
    ({ stop } = await startCapture(network.enter.server, innerDevice, file, wholeFrame));
    const readPackets = () => {
      lastReadAtMs = performance.timeOrigin + performance.now();
      return network.readPackets();
    };
    return { ...network, readPackets };
  };
  // WebSocket gets its updates from the source, so that only updates are sent to clients.
  const scenario = { ...smallScenario, origin: transport === 'websocket' ? 'server' : 'client' } as const;
  try {
    const record = await isolatedTrial(bundle, { scenario, transport, rttMs, route, prepare });
    const frames = await stop();
    return { record, streams: tlsStreams(frames.filter(({ atMs }) => atMs <= lastReadAtMs)) };
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  }
}

/** The end of a handshake, which is encrypted, in one record per message, and the tickets after it (RFC 8446, 2). */
const encryptedHandshake = {
  // Finished.
  client: 1,
  // EncryptedExtensions, Certificate, CertificateVerify, Finished, and two NewSessionTickets.
  server: 6,
} as const;

/** Bytes of each record for the inner type and the authentication tag (RFC 8446, 5.2). */
const sealBytes = 17;

/** Bytes of a stream without the data that TLS carries. */
function tlsBytes({ bytes, records }: CapturedStream, side: 'client' | 'server'): number {
  const carrying = records.filter(({ type }) => type === encrypted).slice(encryptedHandshake[side]);
  return bytes - carrying.reduce((sum, { length }) => sum + length - sealBytes, 0);
}

const cases = [
  ...transports.map((transport) => ({ transport, route: overTls, rttMs: 10, name: 'tls' })),
  ...(['short-polling', 'sse'] as const).map((transport) => ({ transport, route: overHttp2, rttMs: 0, name: 'h2' })),
];
for (const { transport, route, rttMs, name } of cases) {
  test(`${transport} over ${name}, ${rttMs} ms: the TLS layer equals that of the captured records, to the byte`, async () => {
    const { record, streams } = await observe(transport, route, rttMs);
    assert.deepEqual(record.ledger.faults, []);
    const sent = (side: 'client' | 'server') => streams.filter(({ sourceMac }) => sourceMac === macs[side]);
    const sumOf = (side: 'client' | 'server', of: (stream: CapturedStream) => number) =>
      sent(side).reduce((sum, stream) => sum + of(stream), 0);
    const { whole, tls } = record.bytes;
    assert.equal(sent('client').length, record.counts.connections);
    assert.equal(
      sumOf('client', ({ bytes }) => bytes),
      whole.clientWrittenBytes,
    );
    assert.equal(
      sumOf('server', ({ bytes }) => bytes),
      whole.clientReadBytes,
    );
    // There is no warm-up, so set-up and window cover everything.
    assert.equal(
      tls!.setUpUp + tls!.windowUp,
      sumOf('client', (stream) => tlsBytes(stream, 'client')),
    );
    assert.equal(
      tls!.setUpDown + tls!.windowDown,
      sumOf('server', (stream) => tlsBytes(stream, 'server')),
    );
    for (const { down, up } of [record.bytes.packets!.setUp, record.bytes.packets!.window]) {
      assert.ok(down.headerBytes >= 66 * down.packets && up.headerBytes >= 66 * up.packets);
    }
    if (transport === 'websocket') assertMessages(record);
  });
}

/** 100 bytes of payload in each message: one record, and nothing else comes down. */
function assertMessages({ bytes, ledger }: CompletedTrial): void {
  const each = bytes.down.encodedUpdateBytes / ledger.received;
  assert.ok(each > 100 && each <= 125, `${each} bytes`);
  assert.ok(ledger.received > 0);
  assert.equal(bytes.down.framingBytes, 2 * ledger.received);
  assert.equal(bytes.tls!.windowDown, 22 * ledger.received);
  assert.equal(bytes.tls!.windowUp, 0);
}

let ran: Promise<readonly TrialRecord[]> | undefined;

/** Every transport over both routes. Runs once for all tests that need it. */
function wholeTrials(): Promise<readonly TrialRecord[]> {
  ran ??= runOver([overTls, overHttp2]);
  return ran;
}

async function runOver(routes: readonly Route[]): Promise<readonly TrialRecord[]> {
  const records: TrialRecord[] = [];
  const scenario = { ...findScenario('chat-room')!, clients: 30, pollIntervalMs: 300 };
  await runLocally(
    {
      plan: {
        profile: 'smoke',
        seed: 'encrypted',
        transports,
        routes,
        rttMs: 10,
        scenarios: [{ scenario, repeats: 1, durationMs: 2_000, warmupMs: 100 }],
      },
      store: {
        append: (record) => {
          records.push(record);
        },
      },
      onProgress: () => {},
      signal: new AbortController().signal,
    },
    unpinned,
  );
  return records;
}

test('whole trials over TLS and HTTP/2: ledger balanced, layers add up to what the server counted', async () => {
  const records = await wholeTrials();
  assert.equal(records.length, 2 * transports.length);
  for (const record of records) {
    const named = `${record.transport} over ${record.path.route!.name}`;
    assert.ok(record.status === 'completed', `${named}: ${JSON.stringify(record)}`);
    trialRecord.parse(record);
    const { ledger, updates, bytes, counts, processes, specimen } = record;
    assert.deepEqual(ledger.faults, [], named);
    assert.ok(ledger.received > 0 && updates.accepted === updates.intended, named);
    const { down, up, tls, whole } = bytes;
    assert.equal(down.encodedUpdateBytes + down.framingBytes + tls!.windowDown, bytes.serverWrittenBytes, named);
    assert.equal(up.encodedUpdateBytes + up.framingBytes + tls!.windowUp, bytes.serverReadBytes, named);
    assert.deepEqual(
      [whole.clientReadBytes, whole.clientWrittenBytes],
      [whole.serverWrittenBytes, whole.serverReadBytes],
      named,
    );
    for (const layer of [down.framingBytes, up.framingBytes, tls!.windowDown, tls!.windowUp])
      assert.ok(layer > 0, named);
    assert.ok(tls!.drainUp! <= tls!.windowUp && tls!.drainDown! <= tls!.windowDown, named);
    assert.equal(tls!.drainUp! > 0, counts.drainRequests > 0, named);
    // A handshake with a certificate for each connection.
    assert.ok(tls!.setUpDown > 1_000 * counts.connections && tls!.setUpUp > 300 * counts.connections, named);
    const isShared = record.path.route!.http === 2 || record.transport === 'websocket';
    assert.equal(counts.connections, isShared ? 30 : 60, named);
    assert.deepEqual([counts.reconnects, counts.errors], [0, 0], named);
    for (const { role, cpuConnectMs } of processes)
      assert.ok(role === 'source' || cpuConnectMs! > 0, `${named}: ${role}`);
    // The specimen shows the bytes inside TLS. HTTP/2 has no specimen.
    const first = specimen && Buffer.from(specimen[0]!.pieces[0]!.base64, 'base64').toString('latin1');
    if (record.path.route!.http === 2 && record.transport !== 'websocket') assert.equal(first, null);
    else assert.match(first!, /^GET \/\w+\?channel=0&client=30 HTTP\/1\.1\r\n/);
  }
});

test('requests cost fewer bytes over HTTP/2, because a repeated header is sent as a number', async (t) => {
  const records = await wholeTrials();
  const perRequest = (transport: Transport, name: string) => {
    const record = records.find((each) => each.transport === transport && each.path.route!.name === name);
    assert.ok(record?.status === 'completed');
    const { bytes, counts } = record;
    return (bytes.up.framingBytes + bytes.down.framingBytes) / counts.requests;
  };
  for (const transport of ['short-polling', 'long-polling'] as const) {
    const [http1, http2] = [perRequest(transport, 'tls'), perRequest(transport, 'h2')];
    t.diagnostic(`${transport}: ${http1.toFixed(1)} bytes of framing per request, over HTTP/2 ${http2.toFixed(1)}`);
    assert.ok(http2 < 0.8 * http1, `${transport}: ${http2} bytes instead of ${http1}`);
  }
});
