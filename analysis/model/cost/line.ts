import { linearRegression, mean } from 'simple-statistics';
import type { LineModel } from '../../../results/schema/calibration-schema.ts';
import { errorsWithin } from '../../statistics/statistics.ts';
import type { Interval } from './interval.ts';

/** Least squares of a line through what was observed: `[units, amount]`. Throws a RangeError if all units are alike. */
export function fitLine(observed: readonly (readonly [units: number, amount: number])[]): LineModel {
  const units = observed.map(([unit]) => unit);
  const meanUnits = mean(units);
  const spreadUnits = units.reduce((sum, unit) => sum + (unit - meanUnits) ** 2, 0);
  if (spreadUnits === 0) throw new RangeError(`a line needs two different numbers of units, not just ${units[0]}`);
  const { m: perUnit, b: fixed } = linearRegression(observed.map(([unit, amount]) => [unit, amount]));
  const degrees = observed.length - 2;
  const squares = observed.reduce((sum, [unit, amount]) => sum + (amount - fixed - perUnit * unit) ** 2, 0);
  const scatter = degrees > 0 ? Math.sqrt(squares / degrees) : 0;
  return { fixed, perUnit, scatter, degrees, largest: Math.max(...units), meanUnits, spreadUnits };
}

/** What the line says, never below 0, and where the mean of several will lie with 95% (Draper and Smith 1998, 3.1). */
export function expectedOnLine(line: LineModel, units: number): Interval {
  const { fixed, perUnit, scatter, degrees, meanUnits, spreadUnits } = line;
  const value = Math.max(0, fixed + perUnit * units);
  const observed = degrees + 2;
  const error = scatter * Math.sqrt(1 / observed + (units - meanUnits) ** 2 / spreadUnits);
  const reach = degrees > 0 ? errorsWithin(degrees) * error : 0;
  return { value, low: Math.max(0, value - reach), high: value + reach };
}
