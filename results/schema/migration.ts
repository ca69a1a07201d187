import { askedOfJson } from './asked-of-command.ts';

/**
 * Records of schema version 1 as version 2 has them: JSON in, JSON out. Whatever is not of version 1 comes back as it is.
 * Nothing is checked here, so what is damaged stays damaged, and the check that follows says where.
 *
 * What changed: a point (nothing was varied before), the fields of the plan's link in one object, `linkName` for the name
 * that `path.link` held, the mistake on a failed trial's path, which was the end of its reason, and what a run was asked
 * for, which had to be read from the words of its command.
 */
type JsonObject = { readonly [key: string]: unknown };

export function migrateRun(value: unknown): unknown {
  if (!isVersion1(value)) return value;
  return { ...value, schemaVersion: 2, asked: askedOfJson(value), plan: migratePlan(value.plan) };
}

export function migrateTrial(value: unknown): unknown {
  if (!isVersion1(value)) return value;
  return { ...value, schemaVersion: 2, point: {}, path: migratePath(value.path), ...splitReason(value) };
}

export function isVersion1(value: unknown): value is JsonObject {
  return isObject(value) && value.schemaVersion === 1;
}

/** Where the file of version 1 has what version 2 has at `field`, both as words between dots. */
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
    scenarios: Array.isArray(plan.scenarios) ? plan.scenarios.map(withoutPoint) : plan.scenarios,
  };
}

function withoutPoint(planned: unknown): unknown {
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
