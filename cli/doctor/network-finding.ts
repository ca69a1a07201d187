import { choosePinning } from '../../bench/local/pinning.ts';
import { openIsolatedNetwork } from '../../network/isolated/isolated.ts';
import { NetworkRefused } from '../../network/isolated/refusal.ts';
import { plainLink } from '../../network/link/path.ts';
import { plainText } from '../../text/plain-text.ts';
import type { Finding } from './finding.ts';

/** Round-trip time of the path that is tried, in milliseconds; the same as in the profiles. */
const usualRttMs = 40;

/** Builds an isolated network as a run would, and reports whether it counts packets and attributes host CPU. */
export async function isolatedFinding(): Promise<Finding> {
  if (process.platform !== 'linux') return missing(`needs Linux, this is ${process.platform}`);
  try {
    const network = await openIsolatedNetwork({ link: plainLink(usualRttMs), cores: choosePinning().cores });
    await network.close();
    const { attributed, path } = network;
    const what = `isolated network: packets are counted, ${path.delay} delays them, ${path.congestionControl}`;
    if (attributed) return { level: 'ok', what: `${what}, host CPU is attributed` };
    return { level: 'warn', what, advice: 'run as root on two cores or more for the CPU of the server host' };
  } catch (error) {
    if (error instanceof NetworkRefused) return missing(error.message);
    throw error;
  }
}

function missing(why: string): Finding {
  return {
    level: 'warn',
    what: `no isolated network: ${plainText(why)}`,
    advice: 'loopback works, without the packet layer and the CPU of the server host',
  };
}
