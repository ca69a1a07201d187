import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { openIsolatedNetwork } from '../network/isolated.ts';
import { tunnelSides } from '../network/link-plan.ts';
import { type Delay, plainLink } from '../network/path.ts';
import { newEpoch } from '../protocol/clock.ts';
import { bundlePrograms } from './bundle.ts';
import { createLocalFleet } from './local-fleet.ts';
import { choosePinning } from './pinning.ts';
import { placementIn } from './run.ts';

const bundle = await bundlePrograms();
after(() => bundle.remove());

const bigBytes = 64 * 1024;
const port = 7000;
/** On a busy machine the best of these is what the path itself takes; none can be too early. */
const attempts = 10;

const server = `require('node:net').createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('data', (asked) => socket.end(Buffer.alloc(Number(asked.toString()))));
}).listen(${port}, process.argv[1], () => console.log('listening'));`;

/** Times in milliseconds from the start of the connect: connected, first byte, last byte. One line of JSON an attempt. */
const client = `const { connect } = require('node:net');
const attempt = (bytes) => new Promise((resolve) => {
  const startedMs = performance.now();
  const times = [];
  const note = () => times.push(performance.now() - startedMs);
  const socket = connect({ port: ${port}, host: process.argv[1], noDelay: true }, () => { note(); socket.write(String(bytes)); });
  socket.once('data', note);
  socket.resume().once('end', () => { note(); socket.end(); resolve(times); });
});
(async () => {
  const times = [];
  for (let i = 0; i < ${attempts}; i++) times.push([await attempt(1), await attempt(${bigBytes})]);
  console.log(JSON.stringify(times));
})();`;

type Attempt = { readonly connectMs: number; readonly firstByteMs: number; readonly bigMs: number };

async function timed(delay: Exclude<Delay, 'none'> | undefined, rttMs: number): Promise<readonly Attempt[]> {
  const pinning = choosePinning();
  const link = plainLink(rttMs);
  const network = await openIsolatedNetwork({ link, cores: pinning.cores, ...(delay && { delay }) });
  const fleet = createLocalFleet(bundle.programs, pinning, placementIn(network));
  const { path, enter, serverHost } = network;
  const [command, ...inServer] = enter.server;
  const serving = execFile(command!, [...inServer, process.execPath, '-e', server, serverHost]);
  try {
    await new Promise((listening) => serving.stdout!.once('data', listening));
    if (path.delay === 'vxlan-relay') {
      const relay = await fleet.start('relay', 'relay-1');
      await relay.ask('startDatagrams', { epoch: newEpoch(), link, ...tunnelSides, seed: 1 });
    }
    const [nsenter, ...inClient] = enter.client;
    const asking = [...inClient, process.execPath, '-e', client, serverHost];
    const { stdout } = await promisify(execFile)(nsenter!, asking, { timeout: 60_000 });
    return (JSON.parse(stdout) as [number[], number[]][]).map(([small, big]) => ({
      connectMs: small[0]!,
      firstByteMs: small[1]!,
      bigMs: big[2]!,
    }));
  } finally {
    serving.kill();
    await fleet.stop();
    await network.close();
  }
}

function best(tried: readonly Attempt[], of: keyof Attempt): number {
  return Math.min(...tried.map((attempt) => attempt[of]));
}

test('a delayed path takes one round trip to connect, a second one to answer, and more for what slow start cuts up', async (t) => {
  const tried = await timed(undefined, 40);
  const [connectMs, firstByteMs, bigMs] = [best(tried, 'connectMs'), best(tried, 'firstByteMs'), best(tried, 'bigMs')];
  t.diagnostic(
    `connect ${connectMs.toFixed(1)} ms, first byte ${firstByteMs.toFixed(1)} ms, 64 KB ${bigMs.toFixed(1)} ms`,
  );
  assert.ok(connectMs >= 40 && connectMs <= 43, `connect took ${connectMs} ms`);
  assert.ok(firstByteMs >= 80 && firstByteMs <= 86, `first byte took ${firstByteMs} ms`);
  assert.ok(bigMs >= 100, `64 KB took ${bigMs} ms`);
});

test('without a delay the cable takes next to nothing', async () => {
  assert.ok(best(await timed(undefined, 0), 'firstByteMs') < 20);
});
