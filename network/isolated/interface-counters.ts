import { readFileSync } from 'node:fs';

/** Frames in one direction since the link came up. `bytes`: whole Ethernet frames without their checksum. */
export type FrameCount = { readonly packets: number; readonly bytes: number };

/** Traffic of the inner link of an isolated network, each direction counted at its sender. */
export type PacketCounters = {
  readonly up: FrameCount;
  readonly down: FrameCount;
  /** Packets sent that never arrived. Packets in flight count as lost, so this is meaningful only at rest. */
  readonly lostUp: number;
  readonly lostDown: number;
  readonly retransmittedUp: number;
  readonly retransmittedDown: number;
};

type DeviceCounters = { readonly received: FrameCount; readonly sent: FrameCount };

/** Parses one device's line of /proc/net/dev (proc_net(5)). Throws when the device is not listed. */
export function deviceCounters(text: string, device: string): DeviceCounters {
  const line = text.split('\n').find((each) => each.trim().startsWith(`${device}:`));
  if (line === undefined) throw new Error(`no network device ${device}`);
  const numbers = line
    .slice(line.indexOf(':') + 1)
    .trim()
    .split(/\s+/)
    .map(Number);
  return {
    received: { bytes: numbers[0]!, packets: numbers[1]! },
    sent: { bytes: numbers[8]!, packets: numbers[9]! },
  };
}

/** Parses one number of /proc/net/snmp, where a line of names precedes a line of values. Throws when it is missing. */
export function protocolCounter(text: string, protocol: string, name: string): number {
  const [names = [], values = []] = text
    .split('\n')
    .filter((line) => line.startsWith(`${protocol}: `))
    .map((line) => line.split(' '));
  const value = Number(values[names.indexOf(name)]);
  if (!Number.isFinite(value)) throw new Error(`no counter ${protocol} ${name}`);
  return value;
}

/** Where one end of an isolated network is counted. */
export type CountedEnd = {
  /** A process in the end's namespace. */
  readonly pid: number;
  readonly device: string;
  /** Bytes by which the tunnel lengthens each packet on this device; 0 without a tunnel. */
  readonly wrappingBytes: number;
};

/** Reads both ends from outside the namespaces, through procfs: no traffic, no work for the processes inside. */
export function readPackets(server: CountedEnd, client: CountedEnd): PacketCounters {
  const [serverEnd, clientEnd] = [framesOf(server), framesOf(client)];
  return {
    up: clientEnd.sent,
    down: serverEnd.sent,
    lostUp: clientEnd.sent.packets - serverEnd.received.packets,
    lostDown: serverEnd.sent.packets - clientEnd.received.packets,
    retransmittedUp: retransmitted(client),
    retransmittedDown: retransmitted(server),
  };
}

function framesOf({ pid, device, wrappingBytes }: CountedEnd): DeviceCounters {
  const { received, sent } = deviceCounters(readFileSync(`/proc/${pid}/net/dev`, 'utf8'), device);
  const unwrapped = ({ packets, bytes }: FrameCount) => ({ packets, bytes: bytes - packets * wrappingBytes });
  return { received: unwrapped(received), sent: unwrapped(sent) };
}

function retransmitted({ pid }: CountedEnd): number {
  return protocolCounter(readFileSync(`/proc/${pid}/net/snmp`, 'utf8'), 'Tcp', 'RetransSegs');
}
