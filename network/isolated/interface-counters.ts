import { readFileSync } from 'node:fs';

/** Of one direction, since the link is up. Bytes are whole Ethernet frames without their checksum. */
export type FrameCount = { readonly packets: number; readonly bytes: number };

/** What crossed an inner device of an isolated network, counted where it was sent. */
export type PacketCounters = {
  readonly up: FrameCount;
  readonly down: FrameCount;
  /** Packets that were sent and never arrived. Those under way count too, so it means something at rest only. */
  readonly lostUp: number;
  readonly lostDown: number;
  readonly retransmittedUp: number;
  readonly retransmittedDown: number;
};

type DeviceCounters = { readonly received: FrameCount; readonly sent: FrameCount };

/** One device's line of proc_net_dev(5). Throws when there is no such device. */
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

/** One number of proc_net_snmp(5), where a line of names stands above a line of values. */
export function protocolCounter(text: string, protocol: string, name: string): number {
  const [names = [], values = []] = text
    .split('\n')
    .filter((line) => line.startsWith(`${protocol}: `))
    .map((line) => line.split(' '));
  const value = Number(values[names.indexOf(name)]);
  if (!Number.isFinite(value)) throw new Error(`no counter ${protocol} ${name}`);
  return value;
}

/** Where an isolated network is counted. */
export type CountedEnd = {
  /** Of a process inside. */
  readonly pid: number;
  readonly device: string;
  /** What each packet is longer on this device than inside the tunnel that it belongs to; 0 without a tunnel. */
  readonly wrappingBytes: number;
};

/** Reads both ends from outside, without entering: nothing is sent, and nobody inside is disturbed. */
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
