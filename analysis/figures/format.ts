/** Shown in place of a figure that was not measured. */
export const unknownText = '–';

/** The unit of a figure. Durations are in milliseconds and sizes in bytes until they are shown. */
export type Unit = 'ms' | 'bytes' | 'share' | 'count' | 'ms/s';

/** Units that are shown: a prediction also has rates of bits, which no figure of a trial has. */
export type ShownUnit = Unit | 'bit/s';

/** A number with its unit at a readable scale: `41.3 ms`, `1.03 s`, `12.9 kB`, `52.1%`. `digits` are significant. */
export function formatValue(value: number, unit: ShownUnit, digits = 3): string {
  if (!Number.isFinite(value)) return unknownText;
  switch (unit) {
    case 'ms':
      return scaled(value, digits, durationScales);
    case 'bytes':
      return scaled(value, digits, byteScales);
    case 'bit/s':
      return scaled(value, digits, bitRateScales);
    case 'share':
      return `${formatNumber(value * 100, digits)}%`;
    case 'ms/s':
      return `${formatNumber(value, digits)} ms/s`;
    case 'count':
      return formatNumber(value, digits);
  }
}

/**
 * A parameter as people write it: `40 ms`, `1 s`, `120 B`. Drops trailing zeros, which only show the precision of a
 * figure.
 */
export function formatParameter(value: number, unit: Unit): string {
  return formatValue(value, unit).replace(/\.0+(?=\D|$)|(?<=\.\d*[1-9])0+(?=\D|$)/, '');
}

type Scale = { readonly factor: number; readonly name: string };

const durationScales: readonly Scale[] = [
  { factor: 0.001, name: 'µs' },
  { factor: 1, name: 'ms' },
  { factor: 1_000, name: 's' },
];

/** SI prefixes: 1 kB is 1,000 bytes. */
const byteScales: readonly Scale[] = [
  { factor: 1, name: 'B' },
  { factor: 1e3, name: 'kB' },
  { factor: 1e6, name: 'MB' },
  { factor: 1e9, name: 'GB' },
  { factor: 1e12, name: 'TB' },
];

const bitRateScales: readonly Scale[] = [
  { factor: 1, name: 'bit/s' },
  { factor: 1e3, name: 'kbit/s' },
  { factor: 1e6, name: 'Mbit/s' },
  { factor: 1e9, name: 'Gbit/s' },
];

const scalesOf: Readonly<Partial<Record<ShownUnit, readonly Scale[]>>> = {
  ms: durationScales,
  bytes: byteScales,
  'bit/s': bitRateScales,
};

function scaled(value: number, digits: number, scales: readonly Scale[]): string {
  const rounded = Number(value.toPrecision(digits));
  const scale = scaleOf(rounded, scales);
  const text =
    Number.isInteger(value) && scale.name === 'B' ? String(value) : significant(rounded / scale.factor, digits);
  return `${text} ${scale.name}`;
}

/** Takes a rounded value, so that 999.7 ms is 1.00 s and not 1,000 ms. */
function scaleOf(rounded: number, scales: readonly Scale[]): Scale {
  const small = rounded === 0 ? scales.find(({ factor }) => factor === 1) : scales[0];
  return scales.findLast(({ factor }) => Math.abs(rounded) >= factor) ?? small!;
}

/** A number without its unit, at the scale at which `like` is shown: 1.2 ms beside 940 µs is `1,200`. */
export function formatBeside(value: number, like: number, unit: ShownUnit, digits = 3): string {
  if (unit === 'share') return formatNumber(value * 100, digits);
  const scales = scalesOf[unit];
  if (!scales) return formatNumber(value, digits);
  const { factor } = scaleOf(Number(like.toPrecision(digits)), scales);
  return formatNumber(value / factor, digits);
}

/** A number grouped by thousands, with `digits` significant digits, but with all digits of its whole part. */
export function formatNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return unknownText;
  const wholeDigits = Math.abs(value) >= 1 ? Math.floor(Math.log10(Math.abs(value))) + 1 : 0;
  if (wholeDigits >= digits || Number.isInteger(value)) return Math.round(value).toLocaleString('en-US');
  return significant(value, digits);
}

/** Not in exponential notation, and zero without decimals: `0`, `0.0123`, `12.0`. */
function significant(value: number, digits: number): string {
  if (value === 0) return '0';
  return writerOf(digits).format(value);
}

const writers = new Map<number, Intl.NumberFormat>();

/** Kept: to make one takes far longer than to write a number with it, and a page has thousands of numbers. */
function writerOf(digits: number): Intl.NumberFormat {
  const kept = writers.get(digits);
  if (kept) return kept;
  const made = new Intl.NumberFormat('en-US', { minimumSignificantDigits: digits, maximumSignificantDigits: digits });
  writers.set(digits, made);
  return made;
}
