import type { FieldOptionValues } from '../../scenarios/fields.ts';
import { type Arrivals, atRate } from '../../scenarios/scenario.ts';
import { readTrace } from '../../scenarios/trace.ts';
import { plainText } from '../../text/plain-text.ts';
import { reasonOf } from '../../text/reason.ts';
import { UsageError } from '../../text/usage-error.ts';

/** What `--rate` or `--trace` makes of a scenario's arrivals. Throws `UsageError`. */
export function arrivalsOf({
  rate,
  trace,
}: Pick<FieldOptionValues, 'rate' | 'trace'>): (arrivals: Arrivals) => Arrivals {
  if (trace === undefined) return (arrivals) => (rate === undefined ? arrivals : atRate(arrivals, rate));
  if (rate !== undefined) {
    throw new UsageError(`--rate: ${rate} cannot be used together with --trace, which has its own; give one of them`);
  }
  const replayed: Arrivals = { kind: 'trace', ...traceFrom(trace) };
  return () => replayed;
}

function traceFrom(path: string) {
  try {
    return readTrace(path);
  } catch (error) {
    throw new UsageError(`--trace: ${plainText(reasonOf(error))}`);
  }
}
