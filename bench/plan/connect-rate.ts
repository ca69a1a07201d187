import type { Route } from '../../network/route/route.ts';

/** New connections per second that one server takes without a queue: a TLS handshake costs it about a millisecond. */
const plainPerSecond = 1_000;
const encryptedPerSecond = 250;

/** New connections per second, all load processes together. */
export function connectPerSecond({ tls }: Route): number {
  return tls ? encryptedPerSecond : plainPerSecond;
}
