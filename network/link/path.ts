/**
 * How the round-trip time is made, the most realistic first: by the kernel, by a relay of packets, by a relay of TCP
 * bytes.
 */
export const delays = ['none', 'netem', 'vxlan-relay', 'tcp-relay'] as const;

export type Delay = (typeof delays)[number];

/** Conditions on a path. `rttMs` and `jitterMs` are for both directions together, the rest for each. */
export type LinkConditions = {
  readonly rttMs: number;
  /** The round-trip time varies by up to ± this much; packets keep their order. */
  readonly jitterMs: number;
  /**
   * From server to clients; from clients too unless `upBandwidthBitsPerSecond` is given. null: as fast as the machine.
   */
  readonly bandwidthBitsPerSecond: number | null;
  /** From clients to server, where it differs. */
  readonly upBandwidthBitsPerSecond?: number;
  /** Share of packets lost in each direction, 0 to 1. */
  readonly lossShare: number;
};

/** What lies between clients and server. */
export type Path = LinkConditions & {
  readonly network: 'loopback' | 'isolated';
  readonly delay: Delay;
  /** Pinned in an isolated network; null: the machine's default. */
  readonly congestionControl: string | null;
  /** What a result over this path cannot say. */
  readonly caveats: readonly string[];
  /** URL of the user's own proxy or tunnel, when everything goes through one. */
  readonly via?: string;
};

/** Conditions with a round-trip time and no other limits. */
export function plainLink(rttMs: number): LinkConditions {
  return { rttMs, jitterMs: 0, bandwidthBitsPerSecond: null, lossShare: 0 };
}

/** Bandwidth from this end to the other, in bits per second; null: as fast as the machine. */
export function bandwidthFrom(end: 'server' | 'client', link: LinkConditions): number | null {
  const { bandwidthBitsPerSecond, upBandwidthBitsPerSecond } = link;
  return end === 'client' ? (upBandwidthBitsPerSecond ?? bandwidthBitsPerSecond) : bandwidthBitsPerSecond;
}

/** Whether packets must be delayed or lost; a mere limit of the rate needs neither. */
export function needsDelay({ rttMs, jitterMs, lossShare }: LinkConditions): boolean {
  return rttMs > 0 || jitterMs > 0 || lossShare > 0;
}

const loopbackCaveat = 'Loopback: the receiver’s TCP work runs in the sender’s context and is charged to the sender.';
const packetCaveat = 'Bytes are counted at the sockets; TCP, IP and Ethernet layers: not measured.';

/** Limits of a delay made by a TCP relay. */
const tcpRelayCaveats = [
  'The delay is made by a TCP relay in user space: no slow start, no loss, no ACK clocking.',
  'A connect through the relay is immediate; the first bytes of a connection wait one RTT more and so carry the handshake.',
  'The relay costs CPU of its own, given apart, and passes things on some tenths of a millisecond late, as recorded.',
];

const delayCaveats: Readonly<Record<Delay, readonly string[]>> = {
  none: [],
  netem: [],
  'vxlan-relay': [
    'Packets are delayed by a relay in user space: it costs CPU of its own, given apart, and passes them on late, as recorded.',
    'Server host CPU contains the packing of packets for the relay (VXLAN).',
  ],
  'tcp-relay': tcpRelayCaveats,
};

/**
 * The path on loopback. A round-trip time above 0 is made by a TCP relay, which cannot emulate jitter, loss or
 * bandwidth.
 */
export function loopbackPath(rttMs: number): Path {
  const delay = rttMs > 0 ? 'tcp-relay' : 'none';
  return {
    network: 'loopback',
    ...plainLink(rttMs),
    delay,
    congestionControl: null,
    caveats: [loopbackCaveat, packetCaveat, ...delayCaveats[delay]],
  };
}

/** A path through the user's own proxy or tunnel; its conditions are unknown and recorded as none. */
export function viaPath(url: string): Path {
  return {
    network: 'loopback',
    ...plainLink(0),
    delay: 'none',
    congestionControl: null,
    caveats: [
      `Everything went through ${url}: its delay is in every latency, and what it costs is not measured.`,
      'Bytes are those between clients and that URL, counted at the sockets; TCP, IP and Ethernet layers: not measured.',
      'Requests and CPU of the server contain what the proxy asks by itself, such as health checks.',
      loopbackCaveat,
    ],
    via: url,
  };
}

/** The path between two network namespaces. `caveats`: what this machine could not provide. */
export function isolatedPath(
  link: LinkConditions,
  delay: Delay,
  congestionControl: string,
  caveats: readonly string[],
): Path {
  return { network: 'isolated', ...link, delay, congestionControl, caveats: [...delayCaveats[delay], ...caveats] };
}
