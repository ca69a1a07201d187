/** How many networks clients come from where a proxy may look at the address: enough for `ip_hash` to spread them. */
const networks = 64;
// Steps that have nothing in common with the numbers by which clients are dealt to channels.
const step = 157;
const modulus = 251;

/**
 * Addresses of clients that differ in the first three numbers, which is what `ip_hash` looks at; client i takes address
 * i mod n. All of 127.0.0.0/8 is there on Linux without further ado.
 */
export const loopbackAddresses: readonly string[] = addressesIn('127.1');

/** The same in the isolated network, on the client's side of it. */
export const isolatedAddresses: readonly string[] = addressesIn('10.1');

/** The network that holds all of `isolatedAddresses`. */
export const isolatedClients = '10.1.0.0/16';

function addressesIn(prefix: string): readonly string[] {
  return Array.from({ length: networks }, (_, i) => `${prefix}.${(i * step) % modulus}.1`);
}
