import { dirname, resolve } from 'node:path';
import { parseDuration } from '../../text/duration.ts';
import { BadForm, badValue, type FormPath } from '../../text/form-problem.ts';
import { reasonOf } from '../../text/reason.ts';
import type { Arrivals } from '../scenario.ts';
import { readTrace } from '../trace.ts';
import type { ArrivalsForm } from './field-form.ts';

const longestBurstMs = 60_000;

/** Converts the arrivals at `path` of a scenario file; trace paths are relative to the file. Throws `BadForm`. */
export function arrivalsOf(form: ArrivalsForm, path: FormPath, file: string): Arrivals {
  switch (form.kind) {
    case 'constant':
    case 'poisson':
      return form;
    case 'bursts':
      return burstsOf(form, path);
    case 'trace':
      return traceOf(form, path, file);
  }
}

function burstsOf({ kind, perSecond, size, gap }: Extract<ArrivalsForm, { kind: 'bursts' }>, path: FormPath): Arrivals {
  const gapMs = milliseconds(gap);
  if ((size - 1) * gapMs <= longestBurstMs) return { kind, perSecond, size, gapMs };
  throw badValue([...path, 'gap'], gap, 'a shorter gap or fewer updates', 'makes a burst longer than 1m');
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
    const text = `${path.join('.')}: ${reasonOf(error)}`;
    throw new BadForm({ path, text });
  }
}

/** Milliseconds of a duration that the schema has already checked. */
export function milliseconds(text: string): number {
  return parseDuration('', text, 0, Number.MAX_SAFE_INTEGER);
}
