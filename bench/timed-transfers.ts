import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { DatagramTotals } from '../network/datagram-relay.ts';
import { openIsolatedNetwork } from '../network/isolated.ts';
import { tunnelSides } from '../network/link-plan.ts';
import type { Delay, LinkConditions } from '../network/path.ts';
import { newEpoch } from '../protocol/clock.ts';
import type { Bundle } from './bundle.ts';
import { createLocalFleet } from './local-fleet.ts';
import { choosePinning } from './pinning.ts';
import { placementIn } from './run.ts';

const port = 7000;
/** Longer than jitter: packets keep their order, so one that follows another closely is as late as that one. */
const pauseMs = 50;

const server = `require('node:net').createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('data', (asked) => socket.end(Buffer.alloc(Number(asked.toString()))));
}).listen(${port}, process.argv[1], () => console.log('listening'));`;

/** Arguments: host, attempts, sizes. For each attempt and size [connected, first byte, last byte], as one line of JSON. */
const client = `const { connect } = require('node:net');
const [host, attempts, ...sizes] = process.argv.slice(1);
const attempt = (bytes) => new Promise((resolve) => {
  const startedMs = performance.now();
  const times = [];
  const note = () => times.push(performance.now() - startedMs);
  const socket = connect({ port: ${port}, host, noDelay: true }, () => { note(); socket.write(bytes); });
  socket.once('data', note);
  socket.resume().once('end', () => { note(); socket.end(); resolve(times); });
});
(async () => {
  const tried = [];
  for (let i = 0; i < Number(attempts); i++) {
    const times = [];
    for (const bytes of sizes) {
      await new Promise((resolve) => setTimeout(resolve, ${pauseMs}));
      times.push(await attempt(bytes));
    }
    tried.push(times);
  }
  console.log(JSON.stringify(tried));
})();`;

/** In milliseconds from the start of the connect, of a fresh connection. */
export type Transfer = { readonly connectMs: number; readonly firstByteMs: number; readonly lastByteMs: number };

export type Transfers = {
  /** For each size all attempts. */
  readonly bySize: readonly (readonly Transfer[])[];
  /** What the relay of packets did with them; undefined where there is none. */
  readonly datagrams: DatagramTotals | undefined;
};

type Asked = {
  readonly link: LinkConditions;
  /** Of the answers, in bytes. */
  readonly sizes: readonly number[];
  readonly attempts: number;
  /** Instead of the best that the machine has. */
  readonly delay?: Exclude<Delay, 'none'>;
};

/** For tests only: asks for answers of these sizes, one after the other, over an isolated network of its own. */
export async function timedTransfers(bundle: Bundle, { link, sizes, attempts, delay }: Asked): Promise<Transfers> {
  const pinning = choosePinning();
  const network = await openIsolatedNetwork({ link, cores: pinning.cores, ...(delay && { delay }) });
  const fleet = createLocalFleet(bundle.programs, pinning, placementIn(network));
  const { path, enter, serverHost } = network;
  const [command, ...inServer] = enter.server;
  const serving = execFile(command!, [...inServer, process.execPath, '-e', server, serverHost]);
  try {
    await new Promise((listening) => serving.stdout!.once('data', listening));
    const relay = path.delay === 'vxlan-relay' ? await fleet.start('relay', 'relay-1') : undefined;
    await relay?.ask('startDatagrams', { epoch: newEpoch(), link, ...tunnelSides, seed: 1 });
    const [nsenter, ...inClient] = enter.client;
    const numbers = [attempts, ...sizes].map(String);
    const asking = [...inClient, process.execPath, '-e', client, serverHost, ...numbers];
    const { stdout } = await promisify(execFile)(nsenter!, asking, { timeout: 120_000 });
    const tried = JSON.parse(stdout) as readonly (readonly (readonly [number, number, number])[])[];
    return {
      bySize: sizes.map((_, size) =>
        tried.map((times) => {
          const [connectMs, firstByteMs, lastByteMs] = times[size]!;
          return { connectMs, firstByteMs, lastByteMs };
        }),
      ),
      datagrams: await relay?.ask('datagrams'),
    };
  } finally {
    serving.kill();
    await fleet.stop();
    await network.close();
  }
}

/** On a busy machine the best of some attempts is what the path itself takes; none can be too early. */
export function best(tried: readonly Transfer[], of: keyof Transfer): number {
  return Math.min(...tried.map((transfer) => transfer[of]));
}
