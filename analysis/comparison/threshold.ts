import type { Transport } from '../../protocol/transport.ts';
import { type ScenarioAt, scenarioAt, scenarioKey } from '../../scenarios/point.ts';
import { type FigureName, figureAt } from '../figures/figure-aliases.ts';
import { type FigureKey, figures } from '../figures/figures.ts';
import { formatValue } from '../figures/format.ts';
import type { TransportAnalysis } from '../validity/assessment.ts';
import type { RunAnalysis } from './run-analysis.ts';

/**
 * A figure of one transport, in one scenario at all of its points or, if `scenario` is undefined, in every scenario of
 * the run.
 */
export type FigureTarget = {
  readonly scenario: string | undefined;
  readonly transport: Transport;
  readonly figure: FigureName;
};

export type Operator = '<' | '<=' | '>' | '>=';

/** A condition on a figure. `limit` is in the figure's own unit: milliseconds, bytes, share from 0 to 1, or a count. */
export type Threshold = FigureTarget & { readonly operator: Operator; readonly limit: number };

/** A threshold that does not hold in one scenario. `value` is `undefined` if nothing valid was measured, or it was left out. */
export type ThresholdFailure = ScenarioAt & {
  readonly threshold: Threshold;
  /** The figure that was judged. */
  readonly figure: FigureKey;
  readonly value: number | undefined;
  /** Whether the figure was measured, but a stall of the instrument made it. */
  readonly isUntold: boolean;
};

/**
 * The thresholds that do not hold for the medians of the valid repeats, by scenario and point. A figure that was not measured,
 * or was left out, fails: otherwise a gate that measured nothing would pass.
 */
export function failedThresholds(
  thresholds: readonly Threshold[],
  { scenarios }: Pick<RunAnalysis, 'scenarios'>,
): readonly ThresholdFailure[] {
  return thresholds.flatMap((threshold) =>
    scenarios
      .filter(({ planned }) => isMeant(threshold, planned.scenario.name))
      .map(({ planned, transports, place }) => {
        const row = transports.find(({ transport }) => transport === threshold.transport);
        const figure = figureAt(threshold.figure, place);
        const value = isKnownEnough(row, figure) ? row?.medians[figure] : undefined;
        return { threshold, figure, ...scenarioAt(planned), value, isUntold: isUntold(row, figure) };
      })
      .filter(({ value }) => !holds(value, threshold)),
  );
}

/** Whether valid repeats lack a figure of freshness because of a stall. */
function isUntold(row: TransportAnalysis | undefined, figure: FigureKey): boolean {
  const stalled = row?.valid.some(({ warnings }) => warnings.some(({ code }) => code === 'stalled')) ?? false;
  return (
    stalled &&
    figures[figure].group === 'freshness' &&
    !(isKnownEnough(row, figure) && row?.medians[figure] !== undefined)
  );
}

/** Whether at least half of the valid repeats have the figure: a gate must not rest on the few that no stall touched. */
function isKnownEnough(row: TransportAnalysis | undefined, figure: FigureKey): boolean {
  const known = row?.valid.filter(({ figures: values }) => values[figure] !== undefined) ?? [];
  return 2 * known.length >= (row?.valid.length ?? 0);
}

/** Whether a target applies to the scenario of this name. */
export function isMeant({ scenario }: Pick<FigureTarget, 'scenario'>, name: string): boolean {
  return scenario === undefined || scenario === name;
}

function holds(value: number | undefined, { operator, limit }: Threshold): boolean {
  if (value === undefined) return false;
  switch (operator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
  }
}

/** `chat-room/websocket.latency.p99 is 312 ms, not < 250 ms`. */
export function failureText({ threshold, figure, value, isUntold: untold, ...at }: ThresholdFailure): string {
  const { transport, operator, limit } = threshold;
  const what = `${scenarioKey(at)}/${transport}.${figure}`;
  const { unit } = figures[figure];
  if (value === undefined) {
    const why = untold ? 'is left out, because the instrument made it (a stall, or late sending)' : 'was not measured';
    return `${what} ${why}, so it is not known to be ${operator} ${text(limit)}`;
  }
  const digits = digitsThatDiffer(value, limit);
  return `${what} is ${text(value, digits)}, not ${operator} ${text(limit, digits)}`;

  function text(number: number, significant = 3): string {
    return formatValue(number, unit, significant)
      .replace(/(\.\d*?)0+(?=\D|$)/, '$1')
      .replace(/\.(?=\D|$)/, '');
  }
}

const mostDigits = 12;

/**
 * Enough significant digits to tell value and limit apart, so that `250.04 ms, not < 250 ms` does not become `250 ms,
 * not < 250 ms`; 3 if twelve are not enough.
 */
function digitsThatDiffer(value: number, limit: number): number {
  let digits = 3;
  while (digits < mostDigits && value.toPrecision(digits) === limit.toPrecision(digits)) digits++;
  return digits === mostDigits ? 3 : digits;
}
