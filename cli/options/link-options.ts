import { defaultProfile, profiles } from '../../bench/plan/profiles.ts';
import { linkNames } from '../../network/link/links.ts';
import { formatDuration } from '../../text/duration.ts';
import { bandwidth, duration, oneOf, percentage } from './options.ts';
import type { RunDeclarations } from './run-declaration.ts';

/** The values of `--network`; `auto` is isolated if that is possible, else loopback. */
export const networkNames = ['auto', 'loopback', 'isolated'] as const;

export type NetworkName = (typeof networkNames)[number];

export const defaultNetwork: NetworkName = 'auto';

const second = 1_000;
const isolatedOnly = 'isolated only';

/** Options for the network and the link in it. */
export const linkOptions = {
  network: {
    takes: '<name>',
    parse: (flag) => oneOf(flag, networkNames),
    help: 'auto, loopback or isolated: two hosts of their own on this machine, real packets',
    default: defaultNetwork,
    kind: 'link',
  },
  link: {
    takes: '<name>',
    parse: (flag) => oneOf(flag, linkNames),
    help: `a distance with its round-trip time, jitter, bandwidth and loss: ${linkNames.join(', ')}; pvw list links has figures and sources; the options below win`,
    kind: 'link',
  },
  /** Milliseconds. */
  rtt: {
    takes: '<duration>',
    parse: (flag) => duration(flag, 0, 2 * second),
    help: 'round-trip time that is added',
    default: formatDuration(profiles[defaultProfile].rttMs),
    caveat: '0 goes direct, and flatters polling',
    kind: 'link',
  },
  /** Milliseconds. */
  jitter: {
    takes: '<duration>',
    parse: (flag) => duration(flag, 0, 2 * second),
    help: 'the round-trip time varies by up to this much to both sides',
    default: '0',
    caveat: isolatedOnly,
    kind: 'link',
  },
  /** Bits per second. */
  bandwidth: {
    takes: '<rate>',
    parse: (flag) => bandwidth(flag, 10e3, 10e9),
    help: 'of each direction, such as 10mbit',
    default: 'as fast as the machine',
    caveat: isolatedOnly,
    kind: 'link',
  },
  /** A share, 0 to 1. */
  loss: {
    takes: '<share>',
    parse: (flag) => percentage(flag, 50),
    help: 'packets lost at random in each direction, such as 1%',
    default: '0%',
    caveat: isolatedOnly,
    kind: 'link',
  },
} as const satisfies RunDeclarations;
