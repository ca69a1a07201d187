import { decimalNumber, duration, seedText, wholeNumber } from './options.ts';
import { largestPayloadBytes, ranges } from './ranges.ts';
import type { RunDeclarations } from './run-declaration.ts';

const ofScenario = "the scenario's";
const ofProfile = "the profile's";

/** How many clients get how many updates of which size. */
export const loadOptions = {
  clients: {
    takes: '<number>',
    parse: (flag) => wholeNumber(flag, ...ranges.clients),
    help: 'clients in all',
    default: ofScenario,
    caveat: 'the open-files limit bounds them, see pvw doctor',
    kind: 'trials',
    changes: ['clients'],
  },
  channels: {
    takes: '<number>',
    parse: (flag) => wholeNumber(flag, ...ranges.channels),
    help: 'channels the clients spread over',
    default: ofScenario,
    caveat: 'at most one per client',
    kind: 'trials',
    changes: ['channels'],
  },
  rate: {
    takes: '<number>',
    parse: (flag) => decimalNumber(flag, ...ranges.perSecond),
    help: 'updates per second and channel, mean',
    default: ofScenario,
    caveat: 'not together with --trace',
    kind: 'trials',
    changes: ['arrivals'],
  },
  payloadBytes: {
    takes: '<number>',
    parse: (flag) => wholeNumber(flag, ...ranges.payloadBytes),
    help: `bytes of one update's payload, up to ${largestPayloadBytes}`,
    default: ofScenario,
    kind: 'trials',
    changes: ['payload'],
  },
  trace: {
    takes: '<file>',
    help: 'replay recorded arrivals in each channel: milliseconds from the start, one per line',
    kind: 'trials',
    changes: ['arrivals'],
  },
} as const satisfies RunDeclarations;

/** How the transports ask, wait and keep connections alive. In milliseconds. */
export const transportOptions = {
  pollInterval: {
    takes: '<duration>',
    parse: (flag) => duration(flag, ...ranges.pollIntervalMs),
    help: 'short polling asks this often',
    default: ofScenario,
    caveat: 'half of it is the mean delay it adds',
    kind: 'trials',
    // One interval for all takes the place of several.
    changes: ['pollIntervalMs', 'pollCohortsMs'],
  },
  hold: {
    takes: '<duration>',
    parse: (flag) => duration(flag, ...ranges.holdMs),
    help: 'long polling holds a request this long at most',
    default: ofScenario,
    caveat: 'proxies often cut at 60s',
    kind: 'trials',
    changes: ['holdMs'],
  },
  heartbeat: {
    takes: '<duration>',
    parse: (flag) => duration(flag, ...ranges.heartbeatMs),
    help: 'silence after which WebSocket pings and SSE comments',
    default: ofScenario,
    caveat: 'decides sparse scenarios',
    kind: 'trials',
    changes: ['heartbeatMs'],
  },
} as const satisfies RunDeclarations;

/** How long and how often, in milliseconds, and with which arrivals. */
export const timeOptions = {
  duration: {
    takes: '<duration>',
    parse: (flag) => duration(flag, ...ranges.durationMs),
    help: 'measured window of a trial',
    default: ofProfile,
    kind: 'trials',
    changes: ['durationMs'],
  },
  warmup: {
    takes: '<duration>',
    parse: (flag) => duration(flag, ...ranges.warmupMs),
    help: 'before the window',
    default: ofProfile,
    caveat: 'below 5s CPU figures still contain compilation',
    kind: 'trials',
    changes: ['warmupMs'],
  },
  repeats: {
    takes: '<number>',
    parse: (flag) => wholeNumber(flag, ...ranges.repeats),
    help: 'trials of each scenario and transport',
    default: ofProfile,
    caveat: 'below 3 there are no verdicts',
    kind: 'trials',
    changes: ['repeats'],
  },
  seed: {
    takes: '<text>',
    parse: seedText,
    help: 'same seed, same arrivals, phases and order',
    default: 'drawn, and shown in the report',
    kind: 'run',
  },
} as const satisfies RunDeclarations;
