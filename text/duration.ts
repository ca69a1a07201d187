import { notAllowed } from './usage-error.ts';

const unitsMs = { ms: 1, s: 1_000, m: 60_000 } as const;

type Unit = keyof typeof unitsMs;

/**
 * Parses `250ms`, `2s` or `5m` into milliseconds; a bare `0` needs no unit. `minMs` and `maxMs` are inclusive. Throws a
 * `UsageError` that names `option`, the value and the allowed range.
 */
export function parseDuration(option: string, text: string, minMs: number, maxMs: number): number {
  const allowed = `a duration from ${formatDuration(minMs)} to ${formatDuration(maxMs)}, such as 250ms, 2s or 5m`;
  if (/^\d+(\.\d+)?$/.test(text) && Number(text) !== 0) throw notAllowed(option, text, allowed, 'has no unit');
  const match = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s|m)$/.exec(text === '0' ? '0ms' : text);
  if (!match) throw notAllowed(option, text, allowed, 'is no duration');
  const milliseconds = Number(match[1]) * unitsMs[match[2] as Unit];
  if (milliseconds < minMs || milliseconds > maxMs) throw notAllowed(option, text, allowed);
  return milliseconds;
}

/** Formats milliseconds in the shortest exact form that `parseDuration` reads: `0`, `250ms`, `2s`, `5m`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0';
  if (milliseconds >= unitsMs.m && milliseconds % unitsMs.m === 0) return `${milliseconds / unitsMs.m}m`;
  if (milliseconds >= unitsMs.s && milliseconds % 100 === 0) return `${milliseconds / unitsMs.s}s`;
  return `${milliseconds}ms`;
}

/** Rounds milliseconds for people: `4 s`, `2 min 40 s`, `37 min`, `1 h 10 min`. */
export function roundedDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / unitsMs.s));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return withRest(minutes, 'min', seconds % 60, 's');
  const rounded = Math.round(milliseconds / unitsMs.m);
  return rounded < 60 ? `${rounded} min` : withRest(Math.floor(rounded / 60), 'h', rounded % 60, 'min');
}

function withRest(whole: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${restUnit}`;
}
