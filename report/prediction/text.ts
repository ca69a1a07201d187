import { formatParameter } from '../../analysis/figures/format.ts';
import type { Prediction } from '../../analysis/model/prediction/predict.ts';
import type { Question } from '../../analysis/model/prediction/question.ts';
import { transportTitles } from '../../protocol/transport.ts';
import type { Calibration, PathCalibration } from '../../results/schema/calibration-schema.ts';
import { assumedText, predictedLoad } from '../sentences/load-text.ts';
import { predictionAdvice } from './advice.ts';
import { type Bill, billGroups, billNotes } from './bill-rows.ts';
import { calibrationText, missingNotes, predictionNotes } from './notes.ts';
import { type PredictionGroup, predictionGroups } from './rows.ts';

/** A prediction in words and cells: the same for terminal, Markdown and pages. */
export type PredictionText = {
  readonly title: string;
  readonly load: string;
  /** What follows from the load, and what was not said and is taken. */
  readonly assumed: string;
  /** Titles of the columns. */
  readonly transports: readonly string[];
  readonly groups: readonly PredictionGroup[];
  readonly calibration: string;
  readonly recommendations: readonly string[];
  readonly notes: readonly string[];
  readonly checks: readonly PredictionCheck[];
};

/** A command that measures lines of a prediction, at a size that one machine carries. */
export type PredictionCheck = {
  /** Those lines, as in `latency and bytes`. */
  readonly of: string;
  readonly command: string;
  /** What a smaller load cannot show. */
  readonly leavesOut?: string;
};

/** How a prediction is compared with what a command measures. */
export const checkText =
  'With --check the first of these runs, and predicted and measured are printed. What lies outside of its interval refutes the prediction.';

/** What a command measures, before it. */
export function checkHead({ of, leavesOut }: PredictionCheck): string {
  return leavesOut === undefined ? of : `${of}; not ${leavesOut}: for that give --clients what your machine carries`;
}

export type Predicted = {
  readonly question: Question;
  readonly calibration: Calibration;
  readonly path: PathCalibration;
  /** Whose calibration: `that comes with pvw`. */
  readonly from: string;
  readonly predictions: readonly Prediction[];
  /** The words of the path: `over TLS through NGINX`; undefined for the direct one. */
  readonly phrase: string | undefined;
  readonly checks: readonly PredictionCheck[];
  /** What a month costs by price lists, for each transport; empty unless asked for. */
  readonly bills: readonly Bill[];
};

export function predictionText(predicted: Predicted): PredictionText {
  const { question, predictions, calibration, path, from, phrase, checks } = predicted;
  const { scenario, rttMs, toleranceMs } = question;
  const tolerance =
    toleranceMs === undefined
      ? ''
      : ` · no update unknown for more than ${formatParameter(toleranceMs, 'ms')}, not even the worst`;
  return {
    title: scenario.title,
    load: `${predictedLoad(scenario, { rttMs, phrase })}${tolerance}`,
    assumed: assumedText(scenario, path.heads && path.heads.poll + (question.extraBytes?.poll ?? 0)),
    transports: predictions.map(({ transport }) => transportTitles[transport]),
    groups: [...predictionGroups(predictions), ...billGroups(predicted.bills)],
    calibration: calibrationText(calibration, path, from),
    recommendations: predictionAdvice({ question, predictions, path }),
    notes: [...missingNotes(predictions, path), ...predictionNotes(predicted), ...billNotes(predicted.bills)],
    checks,
  };
}
