import type { Command } from 'commander';
import { defaultProfile, type ProfileName, profileNames } from '../bench/profiles.ts';
import { type StormKind, storms } from '../bench/storm-kinds.ts';
import type { LinkName } from '../network/links.ts';
import { type Transport, transports } from '../protocol/transport.ts';
import { type Declaration, optionOf } from './declaration.ts';
import { linkOption } from './link-options.ts';
import { type NetworkName, networkNames } from './network-names.ts';
import {
  bandwidth,
  decimalNumber,
  duration,
  oneOf,
  percentage,
  seedText,
  transportList,
  wholeNumber,
} from './options.ts';
import { type OutcomeOptions, outcomeOptions } from './outcome-options.ts';
import { aaRepeats } from './plan-request.ts';
import { largestPayloadBytes, ranges } from './ranges.ts';
import { type RouteOptions, routeOptions } from './route-options.ts';
import { type ViaOptions, viaOptions } from './via-options.ts';

const second = 1_000;

/** What stands on the command line of `run`. Times in milliseconds; what is undefined comes from profile or scenario. */
export type RunOptions = OutcomeOptions &
  RouteOptions &
  ViaOptions & {
    readonly profile: ProfileName;
    readonly transport?: readonly Transport[];
    readonly aa?: Transport;
    readonly clients?: number;
    readonly channels?: number;
    readonly rate?: number;
    readonly payloadBytes?: number;
    readonly pollInterval?: number;
    readonly hold?: number;
    readonly heartbeat?: number;
    readonly duration?: number;
    readonly warmup?: number;
    readonly repeats?: number;
    readonly seed?: string;
    readonly link?: LinkName;
    readonly rtt?: number;
    readonly network?: NetworkName;
    readonly jitter?: number;
    /** Bits per second. */
    readonly bandwidth?: number;
    /** A share, 0 to 1. */
    readonly loss?: number;
    readonly storm?: StormKind;
    readonly trace?: string;
    readonly out?: string;
    readonly open?: true;
    readonly json?: true;
    readonly quiet?: true;
  };

/** Each with its default, its unit and the caveat that people meet. */
const what: readonly Declaration[] = [
  {
    flags: '--profile <name>',
    parse: (option) => oneOf(option, profileNames),
    help: `what to run and for how long: ${profileNames.join(', ')} (default: ${defaultProfile})`,
  },
  {
    flags: '--transport <list>',
    parse: transportList,
    help: `transports, separated by commas (default: ${transports.join(',')})`,
  },
  {
    flags: '--aa <transport>',
    parse: (option) => oneOf(option, transports),
    help: `one transport against itself, ${aaRepeats} times unless --repeats says more: how often is chance called a difference?`,
  },
];

const load: readonly Declaration[] = [
  {
    flags: '--clients <number>',
    parse: (option) => wholeNumber(option, ...ranges.clients),
    help: "clients in all (default: the scenario's); the open-files limit bounds them, see pvw doctor",
  },
  {
    flags: '--channels <number>',
    parse: (option) => wholeNumber(option, ...ranges.channels),
    help: "channels the clients spread over (default: the scenario's); at most one per client",
  },
  {
    flags: '--rate <number>',
    parse: (option) => decimalNumber(option, ...ranges.perSecond),
    help: "updates per second and channel, mean (default: the scenario's); not together with --trace",
  },
  {
    flags: '--payload-bytes <number>',
    parse: (option) => wholeNumber(option, ...ranges.payloadBytes),
    help: `bytes of one update's payload, up to ${largestPayloadBytes} (default: the scenario's)`,
  },
  {
    flags: '--trace <file>',
    help: 'replay recorded arrivals in each channel: milliseconds from the start, one per line',
  },
];

const transportOptions: readonly Declaration[] = [
  {
    flags: '--poll-interval <duration>',
    parse: (option) => duration(option, ...ranges.pollIntervalMs),
    help: "short polling asks this often (default: the scenario's); half of it is the mean delay it adds",
  },
  {
    flags: '--hold <duration>',
    parse: (option) => duration(option, ...ranges.holdMs),
    help: "long polling holds a request this long at most (default: the scenario's); proxies often cut at 60s",
  },
  {
    flags: '--heartbeat <duration>',
    parse: (option) => duration(option, ...ranges.heartbeatMs),
    help: "silence after which WebSocket pings and SSE comments (default: the scenario's); decides sparse scenarios",
  },
];

const networkOptions: readonly Declaration[] = [
  {
    flags: '--network <name>',
    parse: (option) => oneOf(option, networkNames),
    help: 'auto, loopback or isolated: two hosts of their own on this machine, real packets (default: auto)',
  },
  linkOption,
  {
    flags: '--rtt <duration>',
    parse: (option) => duration(option, 0, 2 * second),
    help: 'round-trip time that is added (default: 40ms); 0 goes direct, and flatters polling',
  },
  {
    flags: '--jitter <duration>',
    parse: (option) => duration(option, 0, 2 * second),
    help: 'the round-trip time varies by up to this much to both sides (default: 0); isolated only',
  },
  {
    flags: '--bandwidth <rate>',
    parse: (option) => bandwidth(option, 10e3, 10e9),
    help: 'of each direction, such as 10mbit (default: as fast as the machine); isolated only',
  },
  {
    flags: '--loss <share>',
    parse: (option) => percentage(option, 50),
    help: 'packets lost at random in each direction, such as 1% (default: 0%); isolated only',
  },
];

const storm: Declaration = {
  flags: '--storm <name>',
  parse: (option) => oneOf(option, storms),
  help: `after a third of each window cut the connections: ${storms.join(' or ')}; needs --proxy nginx (default: none)`,
};

const times: readonly Declaration[] = [
  {
    flags: '--duration <duration>',
    parse: (option) => duration(option, ...ranges.durationMs),
    help: "measured window of a trial (default: the profile's)",
  },
  {
    flags: '--warmup <duration>',
    parse: (option) => duration(option, ...ranges.warmupMs),
    help: "before the window (default: the profile's); below 5s CPU figures still contain compilation",
  },
  {
    flags: '--repeats <number>',
    parse: (option) => wholeNumber(option, ...ranges.repeats),
    help: "trials of each scenario and transport (default: the profile's); below 3 there are no verdicts",
  },
  {
    flags: '--seed <text>',
    parse: seedText,
    help: 'same seed, same arrivals, phases and order (default: drawn, and shown in the report)',
  },
];

const output: readonly Declaration[] = [
  { flags: '--out <directory>', help: 'new or empty directory for the results (default: results/<UTC time>-<name>)' },
  { flags: '--open', help: 'open the report when the run has ended' },
  { flags: '--json', help: 'print the run as JSON instead of tables' },
  { flags: '--quiet', help: 'no estimate and no progress on stderr' },
  ...outcomeOptions,
];

/** Adds the options of `run`, grouped as they are thought of. */
export function declareRunOptions(command: Command): Command {
  const groups = {
    What: what,
    Load: load,
    Transports: transportOptions,
    Network: networkOptions,
    Path: [...routeOptions, storm],
    'Your own path': viaOptions,
    Time: times,
    Output: output,
  };
  for (const [heading, declarations] of Object.entries(groups)) {
    command.optionsGroup(`${heading}:`);
    for (const declaration of declarations) command.addOption(optionOf(declaration));
  }
  return command;
}
