import type { Limit, LimitResult } from '../../analysis/comparison/regression.ts';
import { figures, formatFigure } from '../../analysis/figures/figures.ts';
import { formatNumber } from '../../analysis/figures/format.ts';
import { plainRatio } from '../../analysis/verdict/verdict.ts';
import { scenarioKey } from '../../scenarios/point.ts';
import { notAllowed } from '../../text/usage-error.ts';
import { parseCondition } from './figure-condition.ts';
import type { Parse } from './options.ts';

const allowed = '[scenario/]transport.figure, > and a percentage, such as websocket.cpu.serving.update>10%';

/** Goes to the end of a help text. */
export const failOnHelp = `--fail-on takes [scenario/]transport.figure>N%: it fails when B is more than N% above A and three or more valid repeats of
both can tell B from A (95%, corrected for how many are asked); 10% of a share such as stale is a tenth of it. What cannot
be told apart does not fail and is said; what was not compared or not measured fails. pvw list names the figures.`;

/** Reads `websocket.cpu.serving.update>10%`. Throws `UsageError` naming option, value and what is allowed. */
export function limitOf(option: string): Parse<Limit> {
  return (text) => {
    const { target, operator, amount, unit } = parseCondition(option, text, allowed);
    if (operator !== '>') throw notAllowed(option, text, allowed, `has ${operator}`);
    if (unit !== '%') throw notAllowed(option, text, allowed, 'has no percentage');
    return { ...target, worse: Number((amount / 100).toPrecision(15)) };
  };
}

/** Whether this result fails the command. */
export function isFailure({ verdict }: LimitResult): boolean {
  return verdict === 'failed' || verdict === 'not-compared';
}

/** Message about a result for stderr; `undefined` if there is none. */
export function resultText({ limit, change, verdict, ...at }: LimitResult): string | undefined {
  if (verdict === 'holds') return undefined;
  const { transport, worse } = limit;
  const figure = change?.figure ?? limit.figure;
  const what = `${scenarioKey(at)}/${transport}.${figure}`;
  const most = `${formatNumber(worse * 100)}%`;
  if (verdict === 'not-compared') return `${what} could not be compared, so it is not known to be within ${most}`;
  const { a, b, estimate, figure: compared } = change!;
  const values = `A ${formatFigure(compared, a)}, B ${formatFigure(compared, b)}`;
  const ratio = estimate ? `ratio ${plainRatio(estimate)}` : `no interval of ${figures[compared].short}`;
  if (verdict === 'failed') return `${what} is more than ${most} higher: ${values}, ${ratio}`;
  return `${what} may be more than ${most} higher, which these repeats cannot tell; not a failure: ${values}, ${ratio}`;
}
