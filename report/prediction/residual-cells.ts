import { formatNumber, formatValue, unknownText } from '../../analysis/figures/format.ts';
import type { Residual } from '../../analysis/model/prediction/residual.ts';

/** What is shown of a residual: `off` with its sign, as `+3.1%`. */
export function residualCells({ unit, expected, measured, off }: Residual): {
  readonly expected: string;
  readonly measured: string;
  readonly off: string;
} {
  return {
    expected: formatValue(expected.value, unit),
    measured: measured === undefined ? unknownText : formatValue(measured, unit),
    off: off === undefined ? unknownText : `${off > 0 ? '+' : ''}${formatNumber(off * 100, 2)}%`,
  };
}
