/** What lies between clients and server. */
export type Path = {
  readonly network: 'loopback' | 'isolated';
  readonly rttMs: number;
  readonly delay: 'none' | 'tcp-relay';
  /** What a result measured over this path can't say. */
  readonly caveats: readonly string[];
};

const loopbackCaveat = 'Loopback: the receiver’s TCP work runs in the sender’s context and is charged to the sender.';
const packetCaveat = 'Bytes are counted at the sockets; TCP, IP and Ethernet layers: not measured.';

/** Limits of the delay by a TCP relay. */
const relayCaveats = [
  'The delay is made by a TCP relay in user space: no slow start, no loss, no ACK clocking.',
  'A connect through the relay is immediate; the first bytes of a connection wait one RTT more and so carry the handshake.',
  'The relay costs CPU of its own, given apart, and passes things on some tenths of a millisecond late, as recorded.',
];

/** The path on loopback; an RTT above 0 is made by a TCP relay. */
export function loopbackPath(rttMs: number): Path {
  const delayed = rttMs > 0;
  return {
    network: 'loopback',
    rttMs,
    delay: delayed ? 'tcp-relay' : 'none',
    caveats: [loopbackCaveat, packetCaveat, ...(delayed ? relayCaveats : [])],
  };
}
