/** Number of networks that clients come from when a proxy balances by address: enough for `ip_hash` to spread them. */
const networks = 64;
// Coprime, and unrelated to the numbers that deal clients to channels.
const step = 157;
const modulus = 251;

/**
 * Client addresses that differ in the first three octets, which are all that `ip_hash` uses; client i takes address i
 * mod n. Linux routes all of 127.0.0.0/8 to loopback without configuration.
 */
export const loopbackAddresses: readonly string[] = addressesIn('127.1');

/** The same for the client's side of the isolated network. */
export const isolatedAddresses: readonly string[] = addressesIn('10.1');

/** The network that contains all `isolatedAddresses`. */
export const isolatedClients = '10.1.0.0/16';

function addressesIn(prefix: string): readonly string[] {
  return Array.from({ length: networks }, (_, i) => `${prefix}.${(i * step) % modulus}.1`);
}
