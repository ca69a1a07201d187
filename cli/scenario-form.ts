import { dirname, resolve } from 'node:path';
import type { Times } from '../bench/profiles.ts';
import { findScenario } from '../scenarios/catalogue.ts';
import { type Arrivals, type Payload, publishesAtAll, type Scenario } from '../scenarios/scenario.ts';
import { readTrace } from '../scenarios/trace.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { payloadRange } from './payload-range.ts';
import { BadScenario, badValue, type FormPath, firstProblem } from './scenario-problem.ts';
import {
  type ArrivalsForm,
  longestBurstMs,
  neededFields,
  onOneLine,
  type ScenarioForm,
  scenarioForm,
} from './scenario-schema.ts';

/** A scenario of the user's, with the times that its file asks for. */
export type OwnScenario = { readonly scenario: Scenario; readonly times: Partial<Times> };

/** What a file that says nothing about it gets. */
const defaults = {
  channels: 1,
  origin: 'server',
  semantics: 'every',
  encoding: 'json',
  echo: false,
  pollIntervalMs: 1_000,
  holdMs: 25_000,
  heartbeatMs: 25_000,
} as const satisfies Partial<Scenario>;

/** Reads what stands in `file`; traces are found relative to it. Throws `BadScenario`. */
export function readForm(data: unknown, file: string): OwnScenario {
  const parsed = scenarioForm.safeParse(data);
  if (!parsed.success) throw firstProblem(parsed.error.issues, data);
  const form = parsed.data;
  refuseBuiltInName(form);
  const scenario = scenarioOf(form, file);
  refuseMisfits(scenario, form);
  return { scenario, times: timesOf(form) };
}

/** Results are found by name: two different workloads under one name could be compared by mistake. */
function refuseBuiltInName({ name }: ScenarioForm): void {
  if (!findScenario(name)) return;
  throw badValue(
    ['name'],
    name,
    `another name; a file that starts from it says extends: ${name}`,
    'is the name of a built-in scenario',
  );
}

function scenarioOf(form: ScenarioForm, file: string): Scenario {
  const base = form.extends === undefined ? undefined : findScenario(form.extends);
  const { clients, arrivals, payload } = neededOf(form, base, file);
  const { inputs: inherited, pollCohortsMs: _, ...rest } = { ...defaults, ...base };
  const inputs = inputsOf(form, inherited, file);
  return {
    name: form.name,
    title: onOneLine(form.title ?? titleFrom(form.name)),
    summary: onOneLine(form.summary ?? (base ? `Based on the scenario ${base.name}.` : 'No summary was given.')),
    clients,
    channels: form.channels ?? rest.channels,
    origin: form.origin ?? rest.origin,
    arrivals,
    payload,
    semantics: form.semantics ?? rest.semantics,
    encoding: form.encoding ?? rest.encoding,
    echo: form.echo ?? rest.echo,
    ...(inputs && { inputs }),
    pollIntervalMs: milliseconds(form.pollInterval) ?? rest.pollIntervalMs,
    ...pollCohortsOf(form, base),
    holdMs: milliseconds(form.hold) ?? rest.holdMs,
    heartbeatMs: milliseconds(form.heartbeat) ?? rest.heartbeatMs,
  };
}

function neededOf(form: ScenarioForm, base: Scenario | undefined, file: string) {
  const clients = form.clients ?? base?.clients;
  const arrivals = form.arrivals ? arrivalsOf(form.arrivals, ['arrivals'], file) : base?.arrivals;
  const payload = form.payload ?? base?.payload;
  if (clients !== undefined && arrivals && payload) return { clients, arrivals, payload };
  const missing = neededFields.find((field) => form[field] === undefined)!;
  throw badValue([missing], undefined, 'it, or a built-in scenario to start from, such as extends: chat-room');
}

/** Cohorts of its own, or those it extends unless it names one interval for all. */
function pollCohortsOf(form: ScenarioForm, base: Scenario | undefined): Pick<Scenario, 'pollCohortsMs'> {
  if (form.pollCohorts) return { pollCohortsMs: form.pollCohorts.map((text) => milliseconds(text)!) };
  return base?.pollCohortsMs && form.pollInterval === undefined ? { pollCohortsMs: base.pollCohortsMs } : {};
}

function inputsOf({ inputs }: ScenarioForm, inherited: Scenario['inputs'], file: string): Scenario['inputs'] {
  if (inputs === undefined) return inherited;
  // An empty `inputs:` takes away what `extends` brought.
  if (inputs === null) return undefined;
  return { arrivals: arrivalsOf(inputs.arrivals, ['inputs', 'arrivals'], file), payload: inputs.payload };
}

function arrivalsOf(form: ArrivalsForm, path: FormPath, file: string): Arrivals {
  switch (form.kind) {
    case 'constant':
    case 'poisson':
      return form;
    case 'bursts': {
      const { kind, perSecond, size } = form;
      const gapMs = milliseconds(form.gap)!;
      if ((size - 1) * gapMs > longestBurstMs) {
        throw badValue([...path, 'gap'], form.gap, 'a shorter gap or fewer updates', 'makes a burst longer than 1m');
      }
      return { kind, perSecond, size, gapMs };
    }
    case 'trace':
      return traceOf(form, path, file);
  }
}

function traceOf(form: Extract<ArrivalsForm, { kind: 'trace' }>, path: FormPath, file: string): Arrivals {
  const { file: traceFile, instantsMs, lengthMs } = form;
  if (traceFile !== undefined) {
    if (instantsMs === undefined && lengthMs === undefined) return traceFrom(traceFile, [...path, 'file'], file);
    throw badValue([...path, 'file'], traceFile, 'one of them', 'cannot be used together with instantsMs and lengthMs');
  }
  if (instantsMs === undefined) throw badValue([...path, 'file'], undefined, 'a file with one instant in ms per line');
  const back = instantsMs.findIndex((ms, i) => ms < (instantsMs[i - 1] ?? 0));
  if (back >= 0) {
    const why = 'is earlier than the instant before it';
    throw badValue([...path, 'instantsMs', back], instantsMs[back], `at least ${instantsMs[back - 1]}`, why);
  }
  const last = instantsMs.at(-1)!;
  if (lengthMs === undefined || lengthMs <= last) {
    throw badValue([...path, 'lengthMs'], lengthMs, `more than the last instant, ${last}`);
  }
  return { kind: 'trace', instantsMs, lengthMs };
}

function traceFrom(traceFile: string, path: FormPath, file: string): Arrivals {
  try {
    return { kind: 'trace', ...readTrace(resolve(dirname(file), traceFile)) };
  } catch (error) {
    const text = `${path.join('.')}: ${error instanceof Error ? error.message : String(error)}`;
    throw new BadScenario({ path, text });
  }
}

/** What each field allows and their combination does not. */
function refuseMisfits(scenario: Scenario, form: ScenarioForm): void {
  const { clients, channels, payload, inputs, encoding } = scenario;
  if (channels > clients) {
    const at = form.channels === undefined ? 'clients' : 'channels';
    const [value, allowed] = at === 'channels' ? [channels, `at most ${clients}`] : [clients, `at least ${channels}`];
    throw badValue([at], value, `${allowed}: every channel needs a client`);
  }
  refuseCohorts(scenario);
  refusePayload(payload, encoding, ['payload', 'bytes']);
  if (inputs) refusePayload(inputs.payload, encoding, ['inputs', 'payload', 'bytes']);
}

/** Cohorts are compared by their polling connections, and each of them needs a client. */
function refuseCohorts(scenario: Scenario): void {
  const { clients, channels, pollCohortsMs } = scenario;
  if (!pollCohortsMs) return;
  if (publishesAtAll(scenario)) {
    throw badValue(
      ['pollCohorts'],
      pollCohortsMs.map(formatDuration).join(', '),
      'it for clients that publish nothing',
      'cannot be compared where clients publish',
    );
  }
  const least = channels * pollCohortsMs.length;
  if (clients >= least) return;
  throw badValue(
    ['clients'],
    clients,
    `at least ${least}: in each of ${channels} channels one for each of ${pollCohortsMs.length} intervals`,
  );
}

function refusePayload({ kind, bytes }: Payload, encoding: Scenario['encoding'], path: FormPath): void {
  const [least, most] = payloadRange(kind, encoding);
  if (bytes >= least && bytes <= most) return;
  const why = `is too ${bytes < least ? 'small' : 'large'} for ${kind} in ${encoding}`;
  throw badValue(path, bytes, `a whole number from ${least} to ${most}`, why);
}

function timesOf({ duration, warmup, repeats }: ScenarioForm): Partial<Times> {
  return {
    ...(duration !== undefined && { durationMs: milliseconds(duration)! }),
    ...(warmup !== undefined && { warmupMs: milliseconds(warmup)! }),
    ...(repeats !== undefined && { repeats }),
  };
}

/** The schema has already checked unit and range. */
function milliseconds(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDuration('', text, 0, Number.MAX_SAFE_INTEGER);
}

/** `my-chat` becomes `My chat`. */
function titleFrom(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');
}
