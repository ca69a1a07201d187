import { monthOf } from '../../analysis/model/prediction/month.ts';
import { predictAll } from '../../analysis/model/prediction/predict.ts';
import { costOfMonth } from '../../analysis/model/prices/cost-of-month.ts';
import type { Route } from '../../network/route/route.ts';
import type { Predicted } from '../../report/sentences/prediction-text.ts';
import { pricesNamed } from '../files/prices-file.ts';
import type { PredictionOptions } from '../options/prediction-options.ts';
import type { Asked } from '../request/scenario-arguments.ts';
import { type ChosenCalibration, calibrationFor } from './calibration-choice.ts';
import { checkCommands } from './check.ts';
import { questionRequested } from './question.ts';

/** The prediction that a command line asks for. Throws `UsageError`. */
export function predicted(asked: Asked | undefined, options: PredictionOptions): Predicted {
  const { question, route } = questionRequested(asked, options);
  const { calibration, path, from } = calibrationFor(route, options.from);
  const predictions = predictAll(question, path);
  return {
    question,
    calibration,
    path,
    from: fromText(from, options.from),
    predictions,
    phrase: pathPhrase(route),
    checks: checkCommands(question, route, predictions),
    bills: (options.prices ?? []).map((name) => {
      const prices = pricesNamed('--prices', name);
      return { prices, months: predictions.map((each) => costOfMonth(prices, monthOf(each, question.scenario))) };
    }),
  };
}

function fromText(from: ChosenCalibration['from'], asked: string | undefined): string {
  return { shipped: 'that comes with pvw', own: 'of yours', asked: `from ${asked}` }[from];
}

/** How many nodes there are is an answer and not part of the question. */
function pathPhrase({ tls, proxy, headers, cookieBytes }: Route): string | undefined {
  const words = [
    tls && 'over TLS',
    proxy && 'through NGINX',
    headers === 'browser' && 'with a browser’s headers',
    cookieBytes > 0 && `with a cookie of ${cookieBytes} bytes`,
  ].filter((word) => typeof word === 'string');
  return words.length > 0 ? words.join(' ') : undefined;
}
