/** How a path's round-trip time is made, the truest first: by the kernel, by a relay of real packets, by a relay of bytes. */
export const delays = ['none', 'netem', 'vxlan-relay', 'tcp-relay'] as const;

export type Delay = (typeof delays)[number];

/** What a path is to be like, both directions together. */
export type LinkConditions = {
  readonly rttMs: number;
  /** The round-trip time varies by up to this much in both directions; packets keep their order. */
  readonly jitterMs: number;
  /** Of each direction unless the way up has its own; null: as fast as the machine. */
  readonly bandwidthBitsPerSecond: number | null;
  /** From clients to server, where that is another one. */
  readonly upBandwidthBitsPerSecond?: number;
  /** Share of the packets that are lost in each direction, 0 to 1. */
  readonly lossShare: number;
};

/** What lies between clients and server. */
export type Path = LinkConditions & {
  readonly network: 'loopback' | 'isolated';
  readonly delay: Delay;
  /** Pinned in an isolated network; null: the machine's. */
  readonly congestionControl: string | null;
  /** What a result measured over this path can't say. */
  readonly caveats: readonly string[];
  /** The URL of a proxy or tunnel of the user that everything goes through. */
  readonly via?: string;
};

/** Nothing added but a round-trip time. */
export function plainLink(rttMs: number): LinkConditions {
  return { rttMs, jitterMs: 0, bandwidthBitsPerSecond: null, lossShare: 0 };
}

/** What the way from one end to the other carries at most, in bits per second; null: as fast as the machine. */
export function bandwidthFrom(end: 'server' | 'client', link: LinkConditions): number | null {
  const { bandwidthBitsPerSecond, upBandwidthBitsPerSecond } = link;
  return end === 'client' ? (upBandwidthBitsPerSecond ?? bandwidthBitsPerSecond) : bandwidthBitsPerSecond;
}

/** Whether a link does anything to a packet beyond limiting the rate. */
export function needsDelay({ rttMs, jitterMs, lossShare }: LinkConditions): boolean {
  return rttMs > 0 || jitterMs > 0 || lossShare > 0;
}

const loopbackCaveat = 'Loopback: the receiver’s TCP work runs in the sender’s context and is charged to the sender.';
const packetCaveat = 'Bytes are counted at the sockets; TCP, IP and Ethernet layers: not measured.';

/** Limits of the delay by a TCP relay. */
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

/** The path on loopback; an RTT above 0 is made by a TCP relay, which can do no more. */
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

/** A path through a proxy or tunnel of the user: what it consists of is theirs to know. */
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

/** The path between two network namespaces; `caveats`: what could not be had on this machine. */
export function isolatedPath(
  link: LinkConditions,
  delay: Delay,
  congestionControl: string,
  caveats: readonly string[],
): Path {
  return { network: 'isolated', ...link, delay, congestionControl, caveats: [...delayCaveats[delay], ...caveats] };
}
