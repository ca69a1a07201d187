import type { FieldOptionValues } from '../../scenarios/fields.ts';
import type { Arrivals } from '../../scenarios/scenario.ts';
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

/** The same kind of arrivals at another mean rate, in instants per second. A trace becomes Poisson arrivals. */
function atRate(arrivals: Arrivals, perSecond: number): Arrivals {
  switch (arrivals.kind) {
    case 'constant':
    case 'poisson':
      return { ...arrivals, perSecond };
    case 'bursts':
      return { ...arrivals, perSecond: perSecond / arrivals.size };
    case 'trace':
      return { kind: 'poisson', perSecond };
  }
}

function traceFrom(path: string) {
  try {
    return readTrace(path);
  } catch (error) {
    throw new UsageError(`--trace: ${plainText(reasonOf(error))}`);
  }
}
