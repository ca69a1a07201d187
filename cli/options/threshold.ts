import type { Operator, Threshold } from '../../analysis/comparison/threshold.ts';
import { figureAt } from '../../analysis/figures/figure-aliases.ts';
import { figures } from '../../analysis/figures/figures.ts';
import type { Unit } from '../../analysis/figures/format.ts';
import { alternatives } from '../../text/choices.ts';
import { notAllowed } from '../../text/usage-error.ts';
import { parseCondition } from './figure-condition.ts';
import type { Parse } from './options.ts';

/** Accepted unit suffixes, and their factor to the figure's own unit. */
const units: Readonly<Record<Unit, Readonly<Record<string, number>>>> = {
  // The micro sign and the Greek letter look alike.
  ms: { us: 0.001, '\u00b5s': 0.001, '\u03bcs': 0.001, ms: 1, s: 1_000 },
  bytes: { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 },
  share: { '%': 0.01 },
  count: { '': 1 },
  'ms/s': { 'ms/s': 1 },
};

/** Units for error messages: the first spelling of each. */
const unitNames: Readonly<Record<Unit, string>> = {
  ms: alternatives(['us', 'ms', 's']),
  bytes: alternatives(['B', 'kB', 'MB', 'GB']),
  share: '%',
  count: 'nothing',
  'ms/s': 'ms/s',
};

/** Goes to the end of a help text. */
export const thresholdHelp = `A threshold is [scenario/]transport.figure, one of < <= > >=, and a value with the figure's unit: durations us, ms, s;
sizes B, kB, MB, GB; shares %; CPU over time ms/s; counts none. "Per update" or "per client and minute" belongs to the
figure and is not written. Without scenario it has to hold in every one. It is judged on the median of the valid repeats;
what was not measured fails. bytes are those on the wire, or at the sockets if a run counted no packets. pvw list names
the figures. Exit code 3 when one fails, 4 when the run is invalid.`;

const allowed =
  '[scenario/]transport.figure, one of < <= > >= and a value with unit, such as websocket.latency.p99<250ms';

/** Reads `websocket.latency.p99<250ms`. Throws `UsageError` naming option, value and what is allowed. */
export function thresholdOf(option: string): Parse<Threshold> {
  return (text) => {
    const { target, operator, amount, unit } = parseCondition(option, text, allowed);
    const ofFigure = figures[figureAt(target.figure, 'sockets')].unit;
    const factor = amount === 0 && unit === '' ? 1 : factorOf(ofFigure, unit);
    if (factor === undefined) {
      const what = `a number followed by ${unitNames[ofFigure]} for ${target.figure}`;
      throw notAllowed(option, `${amount}${unit}`, what, 'has no unit that fits');
    }
    // Rounded, because 57 × 0.01 is a little more than 0.57.
    return { ...target, operator: operator as Operator, limit: Number((amount * factor).toPrecision(15)) };
  };
}

function factorOf(unit: Unit, name: string): number | undefined {
  return Object.hasOwn(units[unit], name) ? units[unit][name] : undefined;
}
