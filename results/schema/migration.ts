import { askedOfJson } from './asked-of-command.ts';

/**
 * Rewrites records of schema version 1 as version 2: JSON in, JSON out. Anything else is returned unchanged. Nothing is
 * checked here: the schema check that follows reports damage.
 *
 * What changed: `point` is new (version 1 varied nothing); the link fields of the plan moved into `link`; `path.link`
 * became `path.linkName`; the mistake of a failed trial, once the end of its reason, became a field; `asked` is new and
 * reconstructed from the command line.
 */
type JsonObject = { readonly [key: string]: unknown };

/** `run.json` of version 1 as version 2; other values unchanged. */
export function migrateRun(value: unknown): unknown {
  if (!isVersion1(value)) return value;
  return { ...value, schemaVersion: 2, asked: askedOfJson(value), plan: migratePlan(value.plan) };
}

/** A line of `trials.jsonl` of version 1 as version 2; other values unchanged. */
export function migrateTrial(value: unknown): unknown {
  if (!isVersion1(value)) return value;
  return { ...value, schemaVersion: 2, point: {}, path: migratePath(value.path), ...splitReason(value) };
}

export function isVersion1(value: unknown): value is JsonObject {
  return isObject(value) && value.schemaVersion === 1;
}

/** The version 1 name of the version 2 field `field`, both as dotted paths. */
export function fieldInVersion1(field: string): string {
  return field.replace(/^plan\.link\b/, 'plan').replace(/^path\.linkName$/, 'path.link');
}

const linkFields: readonly string[] = [
  'rttMs',
  'jitterMs',
  'bandwidthBitsPerSecond',
  'upBandwidthBitsPerSecond',
  'lossShare',
];

function migratePlan(plan: unknown): unknown {
  if (!isObject(plan)) return plan;
  const entries = Object.entries(plan);
  const isOfLink = ([name]: readonly [string, unknown]) => linkFields.includes(name);
  return {
    ...Object.fromEntries(entries.filter((entry) => !isOfLink(entry))),
    link: Object.fromEntries(entries.filter(isOfLink)),
    scenarios: Array.isArray(plan.scenarios) ? plan.scenarios.map(withEmptyPoint) : plan.scenarios,
  };
}

function withEmptyPoint(planned: unknown): unknown {
  return isObject(planned) ? { ...planned, point: {} } : planned;
}

function migratePath(path: unknown): unknown {
  if (!isObject(path) || !('link' in path)) return path;
  const { link, ...rest } = path;
  return { ...rest, linkName: link };
}

/** Version 1 appended the sentence `. The mistake <name>: <symptom>` to the reason. */
function splitReason({ status, reason, path }: JsonObject): JsonObject {
  const name = mistakeOf(path);
  if (status !== 'failed' || typeof reason !== 'string' || name === undefined) return {};
  const between = `. The mistake ${name}: `;
  const at = reason.lastIndexOf(between);
  if (at < 0) return {};
  return { reason: reason.slice(0, at), mistake: { name, symptom: reason.slice(at + between.length) } };
}

function mistakeOf(path: unknown): string | undefined {
  const route = isObject(path) ? path.route : undefined;
  const proxy = isObject(route) ? route.proxy : undefined;
  const mistake = isObject(proxy) ? proxy.mistake : undefined;
  return typeof mistake === 'string' ? mistake : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
