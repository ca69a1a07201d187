import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { makeCertificate } from '../network/certificate.ts';
import { openIsolatedNetwork } from '../network/isolated.ts';
import { tunnelSides } from '../network/link-plan.ts';
import { plainLink } from '../network/path.ts';
import { newEpoch } from '../protocol/clock.ts';
import { bundlePrograms } from './bundle.ts';
import { createLocalFleet } from './local-fleet.ts';
import { choosePinning } from './pinning.ts';
import { placementIn } from './run.ts';

const bundle = await bundlePrograms();
after(() => bundle.remove());

const rttMs = 80;
const ports = { plain: 7000, tls: 7001 } as const;
/** On a busy machine the best of these is what the path itself takes; none can be too early. */
const attempts = 15;

/** Answers everything with one line, in plain text and over TLS. */
const server = `const { key, cert } = JSON.parse(process.env.CERTIFICATE);
const serve = (socket) => {
  socket.on('error', () => {});
  socket.on('data', () => socket.write('answer'));
};
const options = { key, cert, minVersion: 'TLSv1.3', noDelay: true };
require('node:net').createServer({ noDelay: true }, serve).listen(${ports.plain}, process.argv[1], () => {
  require('node:tls').createServer(options, serve).listen(${ports.tls}, process.argv[1], () => console.log('listening'));
});`;

/** One line of JSON: of each attempt, milliseconds from the start of connecting to the first byte of the answer, and the bytes. */
const client = `const { connect } = require('node:net');
const tls = require('node:tls');
const { cert } = JSON.parse(process.env.CERTIFICATE);
const host = process.argv[1];
const secureContext = tls.createSecureContext({ ca: cert, minVersion: 'TLSv1.3' });
let session;
const attempt = (kind) => new Promise((resolve, reject) => {
  const startedMs = performance.now();
  const raw = connect({ port: kind === 'plain' ? ${ports.plain} : ${ports.tls}, host, noDelay: true });
  raw.once('connect', () => {
    const offered = kind === 'resumed' ? { session } : {};
    const socket = kind === 'plain' ? raw : tls.connect({ socket: raw, host, secureContext, ...offered });
    socket.on('error', reject);
    socket.on('session', (newest) => { session = newest; });
    const ask = () => socket.write('question');
    if (kind === 'plain') ask();
    else socket.once('secureConnect', ask);
    socket.once('data', () => {
      const firstByteMs = performance.now() - startedMs;
      const reused = kind !== 'plain' && socket.isSessionReused();
      resolve({ kind, firstByteMs, reused, down: raw.bytesRead, up: raw.bytesWritten });
      socket.destroy();
    });
  });
});
(async () => {
  const told = [];
  for (let i = 0; i < ${attempts}; i++) for (const kind of ['plain', 'full', 'resumed']) told.push(await attempt(kind));
  console.log(JSON.stringify(told));
})();`;

type Attempt = {
  readonly kind: 'plain' | 'full' | 'resumed';
  readonly firstByteMs: number;
  readonly reused: boolean;
  readonly down: number;
  readonly up: number;
};

const certificate = await makeCertificate();
const env = { ...process.env, NODE_OPTIONS: '', CERTIFICATE: JSON.stringify(certificate) };

async function attempted(): Promise<readonly Attempt[]> {
  const pinning = choosePinning();
  const link = plainLink(rttMs);
  const network = await openIsolatedNetwork({ link, cores: pinning.cores });
  const fleet = createLocalFleet(bundle.programs, pinning, placementIn(network));
  const { path, enter, serverHost } = network;
  const [command, ...inServer] = enter.server;
  const serving = execFile(command!, [...inServer, process.execPath, '-e', server, serverHost], { env });
  try {
    await new Promise((listening) => serving.stdout!.once('data', listening));
    if (path.delay === 'vxlan-relay') {
      const relay = await fleet.start('relay', 'relay-1');
      await relay.ask('startDatagrams', { epoch: newEpoch(), link, ...tunnelSides, seed: 1 });
    }
    const [nsenter, ...inClient] = enter.client;
    const asking = [...inClient, process.execPath, '-e', client, serverHost];
    const { stdout } = await promisify(execFile)(nsenter!, asking, { timeout: 60_000, env });
    return JSON.parse(stdout) as Attempt[];
  } finally {
    serving.kill();
    await fleet.stop();
    await network.close();
  }
}

test('TLS 1.3 takes one round trip more until the first answer; a resumed session as many, and fewer bytes', async (t) => {
  const tried = await attempted();
  const of = (kind: Attempt['kind']) => tried.filter((attempt) => attempt.kind === kind);
  const best = (kind: Attempt['kind']) => Math.min(...of(kind).map(({ firstByteMs }) => firstByteMs));
  const [plainMs, fullMs, resumedMs] = [best('plain'), best('full'), best('resumed')];
  t.diagnostic(`plain ${plainMs.toFixed(1)} ms, TLS ${fullMs.toFixed(1)} ms, resumed ${resumedMs.toFixed(1)} ms`);
  // The arithmetic of a handshake is in it, two or three milliseconds of both ends.
  const isRoundTrips = (ms: number, count: number) => ms >= count * rttMs - 1 && ms <= count * rttMs + 6;
  assert.ok(isRoundTrips(plainMs, 2), `plain text took ${plainMs} ms`);
  assert.ok(isRoundTrips(fullMs - plainMs, 1), `TLS took ${fullMs} ms`);
  // Only what a client sends before the handshake is over would save the round trip (RFC 8446, 2.3): nobody does that here.
  assert.ok(isRoundTrips(resumedMs - plainMs, 1), `resumed TLS took ${resumedMs} ms`);
  assert.ok(of('full').every(({ reused }) => !reused) && of('resumed').every(({ reused }) => reused));
  const bytes = (kind: Attempt['kind'], way: 'down' | 'up') => Math.max(...of(kind).map((attempt) => attempt[way]));
  const told = (['plain', 'full', 'resumed'] as const).map(
    (kind) => `${kind} ${bytes(kind, 'down')}/${bytes(kind, 'up')}`,
  );
  t.diagnostic(`bytes down/up until the first answer: ${told.join(', ')}`);
  const certificateBytes = Buffer.from(certificate.cert.replace(/-----.*-----|\s/g, ''), 'base64').length;
  assert.ok(bytes('full', 'down') - bytes('resumed', 'down') > certificateBytes, 'the certificate was spared');
  // The ticket goes back in the first message.
  assert.ok(bytes('resumed', 'up') > bytes('full', 'up'));
});
