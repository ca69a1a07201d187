import { innerDevice, outerDevice, type Side, underlays } from '../link/link-plan.ts';
import type { Namespace } from './namespace.ts';
import { NetworkRefused } from './refusal.ts';

/** The cores that servers and proxy run on, and those of clients and relays. */
export type Cores = { readonly server: readonly number[]; readonly others: readonly number[] };

/**
 * Receive packet steering: each host's own cores process the packets that arrive there. Without it the sender does the
 * receiver's TCP work and is charged for it. Returns why steering is unavailable; `undefined` when it works.
 */
export function steer(
  { server, client }: Readonly<Record<Side, Namespace>>,
  relay: Namespace | undefined,
  cores: Cores | null,
): string | undefined {
  if (cores === null) return 'processes are not pinned to cores';
  const arriving = relay ? outerDevice : innerDevice;
  try {
    steerDevices(server, [arriving], cores.server);
    steerDevices(client, [arriving], cores.others);
    if (relay) steerDevices(relay, [underlays.server.device, underlays.client.device], cores.others);
    return undefined;
  } catch (error) {
    if (error instanceof NetworkRefused) return `receive packet steering: ${error.message}`;
    throw error;
  }
}

/** The visible sysfs shows the machine's devices, so the namespace mounts its own. */
function steerDevices(namespace: Namespace, devices: readonly string[], cores: readonly number[]): void {
  const paths = devices.map((device) => `/sys/class/net/${device}/queues/rx-0/rps_cpus`);
  namespace.run(['mount', '-t', 'sysfs', 'none', '/sys']);
  namespace.run([
    'sh',
    '-ec',
    'mask=$1; shift; for path; do echo "$mask" > "$path"; done',
    'sh',
    coreMask(cores),
    ...paths,
  ]);
}

/** A set of cores as the kernel reads it: hexadecimal, highest core first, a comma after every 32 bits. */
export function coreMask(cores: readonly number[]): string {
  const bits = cores.reduce((mask, core) => mask | (1n << BigInt(core)), 0n);
  const digits = bits.toString(16);
  const padded = digits.padStart(Math.ceil(digits.length / 8) * 8, '0');
  return padded.match(/.{8}/g)!.join(',');
}
