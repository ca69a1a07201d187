import { type Overridable, overridesOf } from '../../analysis/asked/overrides.ts';
import type { PlannedScenario, Run } from '../../results/schema/schema.ts';
import { keysOf } from '../../scenarios/define-scenario.ts';
import { type FieldRow, scenarioFields } from '../../scenarios/fields.ts';
import { amount, arrivalsText, counted } from './load-text.ts';
import { pathsText, type RunPath, scenarioPath } from './run-path.ts';

type Scenario = PlannedScenario['scenario'];

/** One parameter of a scenario in words. */
export type Fact = {
  readonly name: string;
  readonly value: string;
  readonly of?: readonly Overridable[];
  /** Only for a changed value: the options that changed it, and the scenario's own value. */
  readonly changed?: string;
};

/** The conditions of a verdict: `With 100 clients in 10 channels, 1 update/s in each, RTT 40 ms, over TLS`. */
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

/** Clients and update rate: `100 clients, 1 update/s in each of 10 channels`. */
export function scenarioLoad({ scenario }: PlannedScenario): string {
  const where = scenario.channels === 1 ? 'in one channel' : `in each of ${counted(scenario.channels, 'channel')}`;
  return `${counted(scenario.clients, 'client')}, ${arrivalsText(scenario.arrivals, 'update', true)} ${where}`;
}

/** Every parameter that affects the result, with `changed` set where the run departed from the scenario. */
export function markedFacts(planned: PlannedScenario, run: Run): readonly Fact[] {
  const overrides = overridesOf(planned, run.record.asked);
  const usual = overrides.find((override) => override.usual)?.usual;
  const usually = usual ? scenarioFacts({ ...planned, scenario: usual }, run) : [];
  return scenarioFacts(planned, run).map((fact) => {
    // A parameter that the run varies does not count as changed; the title shows it.
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

/** Load, path and repeats in one line, separated by ` · `. */
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

/** Every parameter that affects the result, in the order of the report. */
function scenarioFacts(planned: PlannedScenario, run: Run): readonly Fact[] {
  const { scenario, repeats, durationMs } = planned;
  const { rttMs } = scenarioPath(planned, run);
  return [
    ...workload.flatMap((title) => wordedFact(title, scenario)),
    { name: 'Round trip', of: ['rttMs'], value: rttMs > 0 ? `${amount(rttMs, 'ms')} added` : 'nothing added' },
    ...pathFacts(planned, run),
    ...wordedFact(polling, scenario),
    ...ownLines(scenario),
    {
      name: 'Measured',
      of: ['times'],
      value: `${counted(repeats, 'repeat')} of ${amount(durationMs, 'ms')}, ${beforeText(planned, run)}`,
    },
  ];
}

function beforeText({ goesOn, warmupMs }: PlannedScenario, { record: { plan } }: Run): string {
  const shares = goesOn || plan.scenarios.some((each) => each.goesOn);
  if (plan.shuffled && shares) return 'on connections that points share, which play in random order after a warm-up';
  if (goesOn) return 'on the connections of the point before it';
  return `after ${amount(warmupMs, 'ms')} of warm-up`;
}

type Row = (typeof scenarioFields)[keyof typeof scenarioFields];
/** The lines that describe fields in words; `scenarioFields` names the line of each field. */
type Worded = Extract<Row, { readonly shown: { readonly within: string } }>['shown']['within'];

/** The value of each line. Undefined omits the line. */
const words: Readonly<Record<Worded, (scenario: Scenario) => string | undefined>> = {
  Clients: ({ clients, channels }) => `${counted(clients, 'client')} in ${counted(channels, 'channel')}`,
  Updates: ({ arrivals }) => `${arrivalsText(arrivals)}, in each channel`,
  'Published by': ({ origin, echo }) =>
    origin === 'client' ? `the clients${echo ? ', who get their own back' : ''}` : 'the server',
  Payload: ({ payload, encoding }) =>
    `${amount(payload.bytes, 'bytes')} ${kindText(payload.kind)}, ${encoding === 'json' ? 'as JSON' : encoding}`,
  'What may be missed': ({ semantics }) =>
    semantics === 'every' ? 'nothing, every update counts' : 'what a newer update replaces',
  Upward: ({ inputs }) =>
    inputs &&
    `${amount(inputs.payload.bytes, 'bytes')} ${kindText(inputs.payload.kind)} from each client, ${arrivalsText(inputs.arrivals)}`,
  Broadcast: ({ broadcast }) =>
    broadcast &&
    `${amount(broadcast.payload.bytes, 'bytes')} ${kindText(broadcast.payload.kind)} to all clients at once, ${arrivalsText(broadcast.arrivals)}`,
  'Short polling asks every': intervalsText,
};

const polling: Worded = 'Short polling asks every';

/** The lines before the path, in the order of `words`. */
const workload = keysOf(words).filter((title) => title !== polling);

function wordedFact(title: Worded, scenario: Scenario): readonly Fact[] {
  const value = words[title](scenario);
  const of = keysOf(scenarioFields).filter((key) => {
    const { shown } = scenarioFields[key];
    return shown !== 'prose' && 'within' in shown && shown.within === title;
  });
  return value === undefined ? [] : [{ name: title, of, value }];
}

/** The fields with a line of their own. An optional field has one only if the scenario sets it. */
function ownLines(scenario: Scenario): readonly Fact[] {
  return keysOf(scenarioFields).flatMap((key) => {
    const row: FieldRow = scenarioFields[key];
    const value: unknown = scenario[key];
    if (row.shown === 'prose' || !('line' in row.shown) || value === undefined) return [];
    return [{ name: row.shown.line, of: [key], value: valueText(row, value) }];
  });
}

/** A field's value with the unit of its kind. */
function valueText({ kind }: FieldRow, value: unknown): string {
  switch (kind) {
    case 'duration':
    case 'milliseconds':
      return amount(Number(value), 'ms');
    case 'bytes':
      return amount(Number(value), 'bytes');
    case 'rate':
      return `${amount(Number(value), 'count')}/s`;
    case 'count':
      return Number(value).toLocaleString('en-US');
    case 'flag':
      return value === true ? 'yes' : 'no';
    default:
      return kindText(String(value));
  }
}

/** Empty if the run's only path is direct. */
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

function kindText(kind: string): string {
  return kind.replaceAll('-', ' ');
}
