import type { Command } from 'commander';
import { defaultProfile, type ProfileName, profileNames } from '../bench/profiles.ts';
import { type StormKind, storms } from '../bench/storm-kinds.ts';
import type { LinkName } from '../network/links.ts';
import { type Transport, transports } from '../protocol/transport.ts';
import type { FieldOptionValues } from '../scenarios/fields.ts';
import { type Declaration, optionOf } from './declaration.ts';
import { fieldOptions } from './field-options.ts';
import { linkOption } from './link-options.ts';
import { type NetworkName, networkNames } from './network-names.ts';
import { bandwidth, duration, oneOf, percentage, seedText, transportList } from './options.ts';
import { type OutcomeOptions, outcomeOptions } from './outcome-options.ts';
import { aaRepeats } from './plan-request.ts';
import { type RouteOptions, routeOptions } from './route-options.ts';
import { type ViaOptions, viaOptions } from './via-options.ts';

const second = 1_000;

/** What stands on the command line of `run`. Times in milliseconds; what is undefined comes from profile or scenario. */
export type RunOptions = OutcomeOptions &
  RouteOptions &
  ViaOptions &
  FieldOptionValues & {
    readonly profile: ProfileName;
    readonly transport?: readonly Transport[];
    readonly aa?: Transport;
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
  ...fieldOptions('Time'),
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
    Load: fieldOptions('Load'),
    Transports: fieldOptions('Transports'),
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
