import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Bundle } from '../../bench/local/bundle.ts';
import { createLocalFleet } from '../../bench/local/local-fleet.ts';
import { choosePinning } from '../../bench/local/pinning.ts';
import { placementIn } from '../../bench/local/placement.ts';
import { newEpoch } from '../../machine/process/clock.ts';
import { openIsolatedNetwork } from '../../network/isolated/isolated.ts';
import { tunnelSides } from '../../network/link/link-plan.ts';
import type { LinkConditions } from '../../network/link/path.ts';
import type { DatagramTotals } from '../../network/relay/datagram-relay.ts';

export type IsolatedPrograms = {
  readonly link: LinkConditions;
  /** JavaScript. Its first argument is the address to listen on. It must print something once it listens. */
  readonly server: string;
  /** JavaScript. Its first argument is the server's address, the others are `words`. */
  readonly client: string;
  readonly words?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
};

export type Heard = {
  /** What the client printed. */
  readonly stdout: string;
  /** The counters of the packet relay; undefined if there is none. */
  readonly datagrams: DatagramTotals | undefined;
};

/** For tests only: runs a server and a client at the two ends of an isolated network. Ends when the client ends. */
export async function runIsolated(bundle: Bundle, asked: IsolatedPrograms): Promise<Heard> {
  const { link, server, client, words = [], env = process.env } = asked;
  const pinning = choosePinning();
  const network = await openIsolatedNetwork({ link, cores: pinning.cores });
  const fleet = createLocalFleet(bundle.programs, pinning, placementIn(network));
  const { path, enter, serverHost } = network;
  const [enterServer, ...inServer] = enter.server;
  const serving = execFile(enterServer!, [...inServer, process.execPath, '-e', server, serverHost], { env });
  try {
    await new Promise((listening) => serving.stdout!.once('data', listening));
    const relay = path.delay === 'vxlan-relay' ? await fleet.start('relay', 'relay-1') : undefined;
    await relay?.ask('startDatagrams', { epoch: newEpoch(), link, ...tunnelSides, seed: 1 });
    const [enterClient, ...inClient] = enter.client;
    const asking = [...inClient, process.execPath, '-e', client, serverHost, ...words];
    const { stdout } = await promisify(execFile)(enterClient!, asking, { timeout: 120_000, env });
    return { stdout, datagrams: await relay?.ask('datagrams') };
  } finally {
    serving.kill();
    await fleet.stop();
    await network.close();
  }
}
