import type { FigureTarget } from '../../analysis/comparison/threshold.ts';
import { figureNamed } from '../../analysis/figures/figure-aliases.ts';
import { figureKeys } from '../../analysis/figures/figures.ts';
import { isTransport, transports } from '../../protocol/transport.ts';
import { alternatives, unknownName } from '../../text/choices.ts';
import { didYouMean } from '../../text/did-you-mean.ts';
import { notAllowed, quoted, UsageError } from '../../text/usage-error.ts';

/**
 * A condition `[scenario/]transport.figure OP value[unit]` as it was typed. Transport and figure are known names;
 * `checkTarget` checks the scenario.
 */
export type Condition = {
  readonly target: FigureTarget;
  readonly operator: string;
  readonly amount: number;
  /** Empty if none was given. */
  readonly unit: string;
};

/** Reads a condition; `allowed` completes "give …". Throws `UsageError` naming option, value and what is allowed. */
export function parseCondition(option: string, text: string, allowed: string): Condition {
  const [, left, operator, amount, unit] =
    /^([^<>=]+?)\s*(<=|>=|<|>)\s*(\d{1,15}(?:\.\d{1,9})?)\s*(\D{0,8})$/.exec(text.trim()) ?? [];
  if (left === undefined) throw notAllowed(option, text, allowed, 'is no condition');
  return { target: parseTarget(option, left), operator: operator!, amount: Number(amount), unit: unit! };
}

function parseTarget(option: string, text: string): FigureTarget {
  const slash = text.lastIndexOf('/');
  const [scenario, figureOf] = slash < 0 ? [undefined, text] : [text.slice(0, slash), text.slice(slash + 1)];
  const dot = figureOf.indexOf('.');
  const [transport, name] = dot < 0 ? [figureOf, ''] : [figureOf.slice(0, dot), figureOf.slice(dot + 1)];
  if (!isTransport(transport)) throw unknownName(option, transport, transports, ', before a dot and a figure');
  const figure = figureNamed(name);
  if (figure === undefined) throw unknownFigure(option, name);
  return { scenario, transport, figure };
}

/** Names the figures of the same family, or else a few, since all figures would not fit in one line. */
function unknownFigure(option: string, figure: string): UsageError {
  const [family = ''] = figure.split('.');
  const alike = figureKeys.filter((key) => key.split('.')[0] === family);
  const named: readonly string[] = alike.length > 0 ? alike : ['latency.p99', 'bytes', 'cpu.serving.update'];
  const what = `a figure that pvw list names, such as ${alternatives(named)}`;
  return notAllowed(option, figure, what, `is an unknown figure${didYouMean(figure, figureKeys)}`);
}

/** Scenarios and transports that a condition may name: those of one run, or those that two runs share. */
export type Known = { readonly scenarios: readonly string[]; readonly transports: readonly string[] };

/** Refuses a target whose scenario or transport is not in `known`. `where` is for the error, such as "this run". */
export function checkTarget(option: string, { scenario, transport }: FigureTarget, known: Known, where: string): void {
  if (scenario !== undefined && !known.scenarios.includes(scenario)) throw absent(scenario, known.scenarios);
  if (!known.transports.includes(transport)) throw absent(transport, known.transports);

  function absent(name: string, names: readonly string[]): UsageError {
    const given = names.map((each) => quoted(each).slice(1, -1));
    if (given.length === 0)
      return new UsageError(`${option}: ${quoted(name)} is not in ${where}, nor is anything else`);
    return notAllowed(option, name, alternatives(given), `is not in ${where}${didYouMean(name, given)}`);
  }
}
