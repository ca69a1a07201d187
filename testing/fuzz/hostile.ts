import type { Random } from '../../scenarios/random.ts';

/** Texts that break programs: control characters, other scripts, markup, formulas, names that JavaScript uses. */
export const hostileTexts: readonly string[] = [
  '',
  ' ',
  '\0',
  '\u001b[31mred\u001b[0m\u0007',
  '\u001b]0;title\u0007',
  '\r\nInjected: 1',
  '\u202eright to left',
  'a\u2028b\u200bc\ufeff',
  '\ud800',
  '</script><script>document.title="ran"</script>',
  '<img src=x onerror="document.title=\'ran\'">',
  '"><svg onload=document.title="ran">',
  '<!--',
  ']]>',
  '=cmd|"/c calc"!A1',
  '+1+1',
  '@SUM(1)',
  '`whoami` $(id) {{7*7}}',
  '| a | b |\n|---|---|',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'NaN',
  '../../../../etc/passwd',
  '/dev/zero',
  'CON',
  'x'.repeat(5_000),
  '🙂'.repeat(200),
  '%s%n%x',
  '-1',
  '1e309',
  '0x10',
  '９',
];

export const hostileNumbers: readonly number[] = [
  0,
  -0,
  -1,
  1,
  0.1,
  1.5,
  255,
  256,
  65_535,
  65_536,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  2 ** 53 + 2,
  1e21,
  1e308,
  -1e308,
  5e-324,
  999_999_999_999_999,
];

/** Bytes or characters of a text changed in up to eight places: removed, repeated, replaced, inserted. */
export function mutatedText(text: string, random: Random, dictionary: readonly string[] = hostileTexts): string {
  let changed = text;
  for (let left = 1 + random.integer(8); left > 0; left--) {
    const at = random.integer(changed.length + 1);
    const end = Math.min(changed.length, at + 1 + random.integer(1 + random.integer(40)));
    const piece = changed.slice(at, end);
    switch (random.integer(6)) {
      case 0:
        changed = changed.slice(0, at) + changed.slice(end);
        break;
      case 1:
        changed = changed.slice(0, at) + piece.repeat(2 + random.integer(20)) + changed.slice(end);
        break;
      case 2:
        changed = changed.slice(0, at) + random.pick(dictionary) + changed.slice(end);
        break;
      case 3:
        changed = changed.slice(0, at) + String(random.pick(hostileNumbers)) + changed.slice(end);
        break;
      case 4:
        changed = changed.slice(0, at) + String.fromCharCode(random.integer(256)) + changed.slice(at);
        break;
      default:
        changed = changed.slice(0, at);
    }
    if (changed.length > 200_000) return changed.slice(0, 200_000);
  }
  return changed;
}

/** Plain data with up to four values in it replaced, removed, repeated or added. */
export function mutatedData(data: unknown, random: Random): unknown {
  let changed = data;
  for (let left = 1 + random.integer(4); left > 0; left--) changed = changedOnce(changed, random, 0);
  return changed;
}

const mostChanges = 40;

/** Plain data with many values in it changed, each of them only so far that the data stays acceptable. */
export function acceptedMutation(data: unknown, random: Random, isAccepted: (data: unknown) => boolean): unknown {
  let kept = data;
  for (let left = mostChanges; left > 0; left--) {
    const changed = changedOnce(kept, random, 0);
    if (isAccepted(changed)) kept = changed;
  }
  return kept;
}

function changedOnce(data: unknown, random: Random, depth: number): unknown {
  const isHere = typeof data !== 'object' || data === null || random.integer(8) === 0 || depth > 12;
  if (isHere) return hostileValue(random, data);
  if (Array.isArray(data)) {
    if (data.length === 0 || random.integer(6) === 0) return [...data, ...data.slice(0, 3), hostileValue(random, null)];
    const at = random.integer(data.length);
    if (random.integer(4) === 0) return data.filter((_, place) => place !== at);
    return data.map((value, place) => (place === at ? changedOnce(value, random, depth + 1) : value));
  }
  const entries = Object.entries(data);
  if (entries.length === 0 || random.integer(10) === 0)
    return { ...data, [random.pick(hostileTexts)]: hostileValue(random, null) };
  const at = random.integer(entries.length);
  if (random.integer(5) === 0) return Object.fromEntries(entries.filter((_, place) => place !== at));
  return Object.fromEntries(
    entries.map(([key, value], place) => [key, place === at ? changedOnce(value, random, depth + 1) : value]),
  );
}

function hostileValue(random: Random, instead: unknown): unknown {
  // A value of the same kind passes the schema, and so reaches what reads the record.
  if (typeof instead === 'string' && random.integer(4) > 0) return random.pick(hostileTexts);
  if (typeof instead === 'number' && random.integer(4) > 0) return random.pick(hostileNumbers);
  switch (random.integer(7)) {
    case 0:
      return null;
    case 1:
      return random.pick(hostileTexts);
    case 2:
      return random.pick(hostileNumbers);
    case 3:
      return random.integer(2) === 0;
    case 4:
      return [];
    case 5:
      return {};
    default:
      return [random.pick(hostileTexts), random.pick(hostileNumbers), null];
  }
}

/** Bytes changed in up to eight places. */
export function mutatedBytes(bytes: Buffer, random: Random): Buffer {
  let changed = Buffer.from(bytes);
  for (let left = 1 + random.integer(8); left > 0 && changed.length > 0; left--) {
    const at = random.integer(changed.length);
    switch (random.integer(5)) {
      case 0:
        changed[at] = random.integer(256);
        break;
      case 1:
        changed = Buffer.concat([changed.subarray(0, at), random.bytes(1 + random.integer(20)), changed.subarray(at)]);
        break;
      case 2:
        changed = Buffer.concat([changed.subarray(0, at), changed.subarray(at + 1 + random.integer(20))]);
        break;
      case 3:
        changed[at] = changed[at]! ^ (1 << random.integer(8));
        break;
      default:
        changed = Buffer.concat([changed, changed.subarray(at)]);
    }
    if (changed.length > 200_000) changed = changed.subarray(0, 200_000);
  }
  return changed;
}
