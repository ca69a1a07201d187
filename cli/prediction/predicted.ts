import { costsOfMonth } from '../../analysis/model/prediction/month.ts';
import { pathPhrase } from '../../analysis/model/prediction/path.ts';
import { predictAll } from '../../analysis/model/prediction/predict.ts';
import { directRoute, type Route } from '../../network/route/route.ts';
import type { Predicted } from '../../report/prediction/text.ts';
import { pricesNamed } from '../files/prices-file.ts';
import type { PredictionOptions } from '../options/prediction-options.ts';
import type { Asked } from '../request/scenario-arguments.ts';
import { type ChosenCalibration, calibrationFor } from './calibration-choice.ts';
import { checkCommands } from './check.ts';
import { extraBytes, questionRequested } from './question.ts';

/** A prediction, and the path that it is about. */
export type PathPrediction = { readonly found: Predicted; readonly route: Route };

/** The prediction that a command line asks for. Throws `UsageError`. */
export function predicted(asked: Asked | undefined, options: PredictionOptions): PathPrediction {
  const { question: plain, route } = questionRequested(asked, options);
  const { calibration, path, from } = calibrationFor(route, options.from);
  const question = { ...plain, extraBytes: beyondCalibrated(route, path.route ?? directRoute) };
  const predictions = predictAll(question, path);
  const found = {
    question,
    calibration,
    path,
    from: fromText(from, options.from),
    predictions,
    phrase: pathPhrase(route),
    checks: checkCommands(question, route, predictions, {
      scenario: typeof asked === 'object' ? asked.file : undefined,
      trace: options.trace,
    }),
    bills: (options.prices ?? []).map((name) => {
      const prices = pricesNamed('--prices', name);
      return { word: name, prices, months: predictions.map((each) => costsOfMonth(prices, each, question.scenario)) };
    }),
  };
  return { found, route };
}

/** What headers and cookies add to requests beyond those that were calibrated. */
function beyondCalibrated(route: Route, calibrated: Pick<Route, 'headers' | 'cookieBytes' | 'tls'>) {
  const [asked, had] = [extraBytes(route), extraBytes(calibrated)];
  return { poll: asked.poll - had.poll, publish: asked.publish - had.publish };
}

function fromText(from: ChosenCalibration['from'], asked: string | undefined): string {
  return { shipped: 'that comes with pvw', own: 'of yours', asked: `from ${asked}` }[from];
}
