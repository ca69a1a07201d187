import { formatParameter, type Unit } from '../analysis/format.ts';
import { type Overridable, overridesOf } from '../analysis/overrides.ts';
import type { PlannedScenario, Run } from '../results/schema.ts';
import { pathsText, type RunPath, scenarioPath } from './run-path.ts';

/** Number and unit stay on one line. */
function amount(value: number, unit: Unit): string {
  return formatParameter(value, unit).replace(' ', '\u00a0');
}

type Scenario = PlannedScenario['scenario'];
type Arrivals = Scenario['arrivals'];

/** One parameter of a scenario in words. */
export type Fact = {
  readonly name: string;
  readonly value: string;
  readonly of?: readonly Overridable[];
  /** Where it is not what the scenario says: which option did it, and what it would be. */
  readonly changed?: string;
};

/** The condition that a verdict holds under: `With 100 clients in 10 channels, 1 update/s in each, RTT 40 ms, over TLS`. */
export function conditionText({ scenario }: PlannedScenario, { rttMs, phrase }: RunPath): string {
  const { clients, channels, arrivals, inputs } = scenario;
  const load = [
    `With ${counted(clients, 'client')} in ${counted(channels, 'channel')}`,
    `${arrivalsText(arrivals, 'update', true)} in each`,
    ...(inputs ? [`${arrivalsText(inputs.arrivals, 'input', true)} from each client`] : []),
    rttMs > 0 ? `RTT ${amount(rttMs, 'ms')}` : 'no added RTT',
    ...(phrase === undefined ? [] : [phrase]),
  ];
  return load.join(', ');
}

/** Who, and how often something happens: `100 clients, 1 update/s in each of 10 channels`. */
export function scenarioLoad({ scenario }: PlannedScenario): string {
  const where = scenario.channels === 1 ? 'in one channel' : `in each of ${counted(scenario.channels, 'channel')}`;
  return `${counted(scenario.clients, 'client')}, ${arrivalsText(scenario.arrivals, 'update', true)} ${where}`;
}

/** Every parameter that decides the result, marked where the command line or the catalogue says something else. */
export function markedFacts(planned: PlannedScenario, run: Run): readonly Fact[] {
  const overrides = overridesOf(planned, run.record);
  const usual = overrides.find((override) => override.usual)?.usual;
  const usually = usual ? scenarioFacts({ ...planned, scenario: usual }, run) : [];
  return scenarioFacts(planned, run).map((fact) => {
    // What the run varies is no departure from the scenario, and stands in the title.
    const changes = overrides.filter(({ what }) => fact.of?.includes(what) && !(what in planned.point));
    if (changes.length === 0) return fact;
    const options = changes.flatMap((change) => change.options);
    const own = changes.some(({ usual }) => usual) ? usually.find(({ name }) => name === fact.name)?.value : undefined;
    return { ...fact, changed: changeText(options, own) };
  });
}

function changeText(options: readonly string[], own: string | undefined): string {
  const by = options.length > 0 ? `by ${options.join(', ')}` : 'not as in this version';
  return own === undefined ? by : `${by}; the scenario has ${own}`;
}

/** The load in one line. */
export function loadText({ scenario, repeats, durationMs }: PlannedScenario, { rttMs, phrase }: RunPath): string {
  const parts = [
    `${counted(scenario.clients, 'client')} in ${counted(scenario.channels, 'channel')}`,
    `${arrivalsText(scenario.arrivals, 'update')} in each`,
    `${amount(scenario.payload.bytes, 'bytes')} ${kindText(scenario.payload.kind)}`,
    `polls every ${intervalsText(scenario)}`,
    rttMs > 0 ? `RTT ${amount(rttMs, 'ms')}` : 'no added RTT',
    ...(phrase === undefined ? [] : [phrase]),
    `${counted(repeats, 'repeat')} of ${amount(durationMs, 'ms')}`,
  ];
  return parts.join(' · ');
}

/** Every parameter that decides the result, in the order in which it is told. */
function scenarioFacts(planned: PlannedScenario, run: Run): readonly Fact[] {
  const { scenario, repeats, durationMs, warmupMs } = planned;
  const { inputs } = scenario;
  const { rttMs } = scenarioPath(planned, run);
  return [
    {
      name: 'Clients',
      of: ['clients', 'channels'],
      value: `${counted(scenario.clients, 'client')} in ${counted(scenario.channels, 'channel')}`,
    },
    { name: 'Updates', of: ['arrivals'], value: `${arrivalsText(scenario.arrivals)}, in each channel` },
    {
      name: 'Published by',
      value:
        scenario.origin === 'client' ? `the clients${scenario.echo ? ', who get their own back' : ''}` : 'the server',
    },
    {
      name: 'Payload',
      of: ['payload'],
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
    { name: 'Round trip', of: ['rttMs'], value: rttMs > 0 ? `${amount(rttMs, 'ms')} added` : 'nothing added' },
    ...pathFacts(planned, run),
    { name: 'Short polling asks every', of: ['pollIntervalMs', 'pollCohortsMs'], value: intervalsText(scenario) },
    { name: 'Long polling holds up to', of: ['holdMs'], value: amount(scenario.holdMs, 'ms') },
    { name: 'Heartbeat after', of: ['heartbeatMs'], value: amount(scenario.heartbeatMs, 'ms') },
    {
      name: 'Measured',
      of: ['times'],
      value: `${counted(repeats, 'repeat')} of ${amount(durationMs, 'ms')}, after ${amount(warmupMs, 'ms')} of warm-up`,
    },
  ];
}

/** Nothing where nothing lies between: that goes without saying. */
function pathFacts(planned: PlannedScenario, run: Run): readonly Fact[] {
  const { phrase } = scenarioPath(planned, run);
  const several = pathsText(run);
  return [
    ...(phrase === undefined ? [] : [{ name: 'Path', value: phrase }]),
    ...(several === undefined ? [] : [{ name: 'Paths compared', value: several }]),
  ];
}

function intervalsText({ pollIntervalMs, pollCohortsMs }: Scenario): string {
  if (!pollCohortsMs) return amount(pollIntervalMs, 'ms');
  const ends = [Math.min(...pollCohortsMs), Math.max(...pollCohortsMs)] as const;
  return `${amount(ends[0], 'ms')} to ${amount(ends[1], 'ms')}, in ${pollCohortsMs.length} groups`;
}

/** `short`: without how they are spaced. */
function arrivalsText(arrivals: Arrivals, noun?: string, short = false): string {
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
