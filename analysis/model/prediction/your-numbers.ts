import type { Semantics } from '../../../protocol/contract-terms.ts';
import { plainLoad } from '../../../scenarios/catalogue/plain-load.ts';
import { changedScenario } from '../../../scenarios/define-scenario.ts';
import { arrivalsFields, payloadFields, scenarioFields } from '../../../scenarios/fields.ts';
import { atRate, ratePerSecond, type Scenario } from '../../../scenarios/scenario.ts';
import { formatDuration } from '../../../text/duration.ts';
import type { Question } from './question.ts';

/** What a reader types into a page: the load in a few numbers. */
export type YourNumbers = {
  readonly clients: number;
  readonly channels: number;
  /** Updates a second in each channel. */
  readonly perSecond: number;
  readonly payloadBytes: number;
  readonly pollIntervalMs: number;
  readonly rttMs: number;
  /** 0: no tolerance is given, and polls ask at their interval. */
  readonly toleranceMs: number;
  readonly semantics: Semantics;
};

type NumberKey = Exclude<keyof YourNumbers, 'semantics'>;

/** One field: its words, the range of its value, and what its number is multiplied with to be shown. */
export type NumberField = {
  readonly title: string;
  readonly unit: string;
  readonly range: readonly [least: number, most: number];
  readonly isWhole: boolean;
};

/** In the order of the page. */
export const numberFields: Readonly<Record<NumberKey, NumberField>> = {
  clients: { title: 'Clients', unit: '', range: scenarioFields.clients.range, isWhole: true },
  channels: { title: 'Channels', unit: '', range: scenarioFields.channels.range, isWhole: true },
  perSecond: {
    title: 'Updates in each',
    unit: 'a second',
    range: arrivalsFields.poisson.perSecond.range,
    isWhole: false,
  },
  payloadBytes: { title: 'Payload', unit: 'bytes', range: payloadFields.bytes.range, isWhole: true },
  pollIntervalMs: {
    title: 'Polls ask every (without a tolerance)',
    unit: 'ms',
    range: scenarioFields.pollIntervalMs.range,
    isWhole: true,
  },
  rttMs: { title: 'Round trip', unit: 'ms', range: [0, 2_000], isWhole: true },
  toleranceMs: { title: 'Tolerated staleness, at worst (0: none)', unit: 'ms', range: [0, 600_000], isWhole: true },
};

export const numberKeys = Object.keys(numberFields) as readonly NumberKey[];

/** The question that `pvw predict` asks with the options of `optionsOf`, about a scenario or a load of which nothing more is said. */
export function questionOf(numbers: YourNumbers, base: Scenario = plainLoad): Question {
  const { clients, channels, perSecond, payloadBytes, pollIntervalMs, rttMs, toleranceMs, semantics } = numbers;
  return {
    scenario: changedScenario(base, {
      clients,
      channels,
      arrivals: atRate(base.arrivals, perSecond),
      payload: { ...base.payload, bytes: payloadBytes },
      pollIntervalMs,
      semantics,
    }),
    rttMs,
    ...(toleranceMs > 0 && { toleranceMs }),
  };
}

/** The options that ask the same on the command line. */
export function optionsOf(numbers: YourNumbers): string {
  const { clients, channels, perSecond, payloadBytes, pollIntervalMs, rttMs, toleranceMs, semantics } = numbers;
  return [
    `--clients ${clients} --channels ${channels} --rate ${perSecond} --payload ${payloadBytes}`,
    toleranceMs > 0
      ? `--staleness ${formatDuration(toleranceMs)}`
      : `--poll-interval ${formatDuration(pollIntervalMs)}`,
    `--rtt ${formatDuration(rttMs)}`,
    ...(semantics === 'every' ? [] : [`--semantics ${semantics}`]),
  ].join(' ');
}

/** The numbers of a scenario, as far as fields can hold them. */
type Told = Pick<Scenario, 'clients' | 'channels' | 'arrivals' | 'pollIntervalMs' | 'semantics'> & {
  readonly payload: { readonly bytes: number };
};

export function numbersOf(scenario: Told, rttMs: number, toleranceMs = 0): YourNumbers {
  const { clients, channels, arrivals, payload, pollIntervalMs, semantics } = scenario;
  return {
    clients,
    channels,
    perSecond: Number(ratePerSecond(arrivals).toPrecision(3)),
    payloadBytes: payload.bytes,
    pollIntervalMs: Math.round(pollIntervalMs),
    rttMs: Math.round(rttMs),
    toleranceMs: Math.round(toleranceMs),
    semantics,
  };
}

/** Why a number is not allowed; `undefined` if it is. */
export function faultOf(key: NumberKey, value: number): string | undefined {
  const { range, isWhole } = numberFields[key];
  const [least, most] = range;
  const isAllowed = value >= least && value <= most && (!isWhole || Number.isInteger(value));
  if (isAllowed) return undefined;
  return `${isWhole ? 'a whole number' : 'a number'} from ${least} to ${most.toLocaleString('en-US')}`;
}

const fragmentStart = '#numbers:';

/** The numbers as the fragment of an address: it keeps them when the page is loaded again or handed on. */
export function fragmentOf(numbers: YourNumbers): string {
  const fields = [...numberKeys.map((key) => `${key}=${numbers[key]}`), `semantics=${numbers.semantics}`];
  return `${fragmentStart}${fields.join('&')}`;
}

/** The numbers in a fragment over those of the page; what is missing or not allowed is left as it was. */
export function numbersIn(fragment: string, usual: YourNumbers): YourNumbers {
  if (!fragment.startsWith(fragmentStart)) return usual;
  const given = new Map(
    fragment
      .slice(fragmentStart.length)
      .split('&')
      .map((pair) => pair.split('=') as [string, string | undefined]),
  );
  const numberOf = (key: NumberKey) => {
    const text = given.get(key);
    const value = text === undefined || text === '' ? Number.NaN : Number(text);
    return faultOf(key, value) === undefined ? value : usual[key];
  };
  const semantics = given.get('semantics');
  return {
    ...(Object.fromEntries(numberKeys.map((key) => [key, numberOf(key)])) as Record<NumberKey, number>),
    semantics: semantics === 'every' || semantics === 'latest' ? semantics : usual.semantics,
  };
}
