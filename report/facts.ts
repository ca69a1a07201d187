import { formatParameter, type Unit } from '../analysis/format.ts';
import type { PlannedScenario } from '../results/schema.ts';

/** Number and unit stay on one line. */
function amount(value: number, unit: Unit): string {
  return formatParameter(value, unit).replace(' ', '\u00a0');
}

type Scenario = PlannedScenario['scenario'];
type Arrivals = Scenario['arrivals'];

/** One parameter of a scenario in words. */
export type Fact = { readonly name: string; readonly value: string };

/** The load in one line. */
export function loadText({ scenario, repeats, durationMs }: PlannedScenario, rttMs: number): string {
  const parts = [
    `${counted(scenario.clients, 'client')} in ${counted(scenario.channels, 'channel')}`,
    `${arrivalsText(scenario.arrivals, 'update')} in each`,
    `${amount(scenario.payload.bytes, 'bytes')} ${kindText(scenario.payload.kind)}`,
    `polls every ${intervalsText(scenario)}`,
    rttMs > 0 ? `RTT ${amount(rttMs, 'ms')}` : 'no added RTT',
    `${counted(repeats, 'repeat')} of ${amount(durationMs, 'ms')}`,
  ];
  return parts.join(' · ');
}

/** Every parameter that decides the result, in the order in which it is told. */
export function scenarioFacts(
  { scenario, repeats, durationMs, warmupMs }: PlannedScenario,
  rttMs: number,
): readonly Fact[] {
  const { inputs } = scenario;
  return [
    { name: 'Clients', value: `${counted(scenario.clients, 'client')} in ${counted(scenario.channels, 'channel')}` },
    { name: 'Updates', value: `${arrivalsText(scenario.arrivals)}, in each channel` },
    {
      name: 'Published by',
      value:
        scenario.origin === 'client' ? `the clients${scenario.echo ? ', who get their own back' : ''}` : 'the server',
    },
    {
      name: 'Payload',
      value: `${amount(scenario.payload.bytes, 'bytes')} ${kindText(scenario.payload.kind)}, ${scenario.encoding === 'json' ? 'as JSON' : scenario.encoding}`,
    },
    {
      name: 'What may be missed',
      value: scenario.semantics === 'every' ? 'nothing, every update counts' : 'what a newer update replaces',
    },
    ...(inputs
      ? [
          {
            name: 'Upward',
            value: `${amount(inputs.payload.bytes, 'bytes')} ${kindText(inputs.payload.kind)} from each client, ${arrivalsText(inputs.arrivals)}`,
          },
        ]
      : []),
    { name: 'Round trip', value: rttMs > 0 ? `${amount(rttMs, 'ms')} added` : 'nothing added' },
    { name: 'Short polling asks every', value: intervalsText(scenario) },
    { name: 'Long polling holds up to', value: amount(scenario.holdMs, 'ms') },
    { name: 'Heartbeat after', value: amount(scenario.heartbeatMs, 'ms') },
    {
      name: 'Measured',
      value: `${counted(repeats, 'repeat')} of ${amount(durationMs, 'ms')}, after ${amount(warmupMs, 'ms')} of warm-up`,
    },
  ];
}

function intervalsText({ pollIntervalMs, pollCohortsMs }: Scenario): string {
  if (!pollCohortsMs) return amount(pollIntervalMs, 'ms');
  const ends = [Math.min(...pollCohortsMs), Math.max(...pollCohortsMs)] as const;
  return `${amount(ends[0], 'ms')} to ${amount(ends[1], 'ms')}, in ${pollCohortsMs.length} groups`;
}

function arrivalsText(arrivals: Arrivals, noun?: string): string {
  switch (arrivals.kind) {
    case 'constant':
      return `${rateText(arrivals.perSecond, noun)} evenly spaced`;
    case 'poisson':
      return `${rateText(arrivals.perSecond, noun)} at random`;
    case 'bursts':
      return `bursts of ${arrivals.size}${noun ? ` ${noun}s` : ''}, ${rateText(arrivals.perSecond)}`;
    case 'trace':
      return `a recorded pattern of ${amount(arrivals.lengthMs, 'ms')}`;
  }
}

/** The way people say it: 20 updates a second, 6 a minute. */
function rateText(perSecond: number, noun?: string): string {
  const [rate, per] = perSecond >= 0.1 ? [perSecond, 's'] : [perSecond * 60, 'min'];
  const what = noun === undefined ? '' : ` ${noun}${rate === 1 ? '' : 's'}`;
  return `${amount(rate, 'count')}${what}/${per}`;
}

function kindText(kind: string): string {
  return kind.replaceAll('-', ' ');
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
