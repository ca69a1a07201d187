import { formatParameter, type Unit } from '../../analysis/figures/format.ts';
import { hoursPerMonth } from '../../analysis/model/prices/price-list.ts';
import { type Arrivals, ratePerSecond, type Scenario } from '../../scenarios/scenario.ts';

/** A no-break space keeps the number and its unit on one line. */
export function amount(value: number, unit: Unit): string {
  return formatParameter(value, unit).replace(' ', '\u00a0');
}

/** A distance, and the words of what lies between: `over TLS through NGINX`. */
export type LoadPath = { readonly rttMs: number; readonly phrase: string | undefined };

/** The load that a prediction is about, in one line, separated by ` · `. */
export function predictedLoad(scenario: Scenario, { rttMs, phrase }: LoadPath): string {
  const { clients, channels, arrivals, payload, inputs, origin, semantics } = scenario;
  return [
    `${counted(clients, 'client')} in ${counted(channels, 'channel')}`,
    `${arrivalsText(arrivals, 'update')} in each${origin === 'client' ? ', published by clients' : ''}`,
    `${amount(payload.bytes, 'bytes')} each`,
    ...(inputs ? [`${arrivalsText(inputs.arrivals, 'input', true)} from each client`] : []),
    semantics === 'every' ? 'every update counts' : 'a newer update replaces an older one',
    `RTT ${amount(rttMs, 'ms')}`,
    ...(phrase === undefined ? [] : [phrase]),
  ].join(' · ');
}

/** What a load comes to in all, and what the answer takes besides, which a reader may want to change. */
export function assumedText(scenario: Scenario, pollHeadBytes: number | undefined): string {
  const { channels, arrivals, origin, echo, encoding, holdMs, heartbeatMs } = scenario;
  const updates = amount(ratePerSecond(arrivals) * channels, 'count');
  return [
    `in all ${updates} updates a second`,
    ...(origin === 'client' ? [`clients ${echo ? 'get' : 'do not get'} their own messages back`] : []),
    `a long poll is held for ${amount(holdMs, 'ms')} at most`,
    `a heartbeat after ${amount(heartbeatMs, 'ms')} of silence`,
    encoding === 'json' ? 'updates are JSON' : 'updates are binary',
    ...(pollHeadBytes === undefined ? [] : [`a poll has ${amount(pollHeadBytes, 'bytes')} of headers`]),
    `a month has ${hoursPerMonth} hours`,
  ].join(' · ');
}

/** `short` leaves out the spacing. */
export function arrivalsText(arrivals: Arrivals, noun?: string, short = false): string {
  switch (arrivals.kind) {
    case 'constant':
      return `${rateText(arrivals.perSecond, noun)}${short ? '' : ' evenly spaced'}`;
    case 'poisson':
      return `${rateText(arrivals.perSecond, noun)}${short ? '' : ' at random'}`;
    case 'bursts':
      return `bursts of ${arrivals.size}${noun ? ` ${noun}s` : ''}, ${rateText(arrivals.perSecond)}`;
    case 'trace':
      return `a recorded pattern of ${amount(arrivals.lengthMs, 'ms')}`;
  }
}

/** A rate per second, or per minute below 0.1 per second. */
function rateText(perSecond: number, noun?: string): string {
  const [rate, per] = perSecond >= 0.1 ? [perSecond, 's'] : [perSecond * 60, 'min'];
  const what = noun === undefined ? '' : ` ${noun}${rate === 1 ? '' : 's'}`;
  return `${amount(rate, 'count')}${what}/${per}`;
}

export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
