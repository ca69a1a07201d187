import { predictAll } from '../../analysis/model/prediction/predict.ts';
import type { Question } from '../../analysis/model/prediction/question.ts';
import { optionsOf, questionOf, type YourNumbers } from '../../analysis/model/prediction/your-numbers.ts';
import type { Calibration, PathCalibration } from '../../results/schema/calibration-schema.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { type PredictionText, predictionText } from './text.ts';

/** What a page needs to predict by itself, and the numbers that it starts with. */
export type NumbersData = {
  readonly calibration: Calibration;
  readonly path: PathCalibration;
  /** Whose calibration: `of this run`. */
  readonly from: string;
  readonly phrase: string | undefined;
  /** The options of the command line for path and calibration. */
  readonly pathOptions: string;
  readonly usual: YourNumbers;
  /** A scenario that the numbers change, and its word on the command line; absent: a load of which nothing more is said. */
  readonly base?: { readonly scenario: Scenario; readonly word: string };
  readonly extraBytes?: NonNullable<Question['extraBytes']>;
};

/** What `pvw predict` says with `commandOf`, from the same model and calibration. */
export function predictedFor(data: NumbersData, numbers: YourNumbers): PredictionText {
  const { calibration, path, from, phrase } = data;
  const question = questionFor(data, numbers);
  const predictions = predictAll(question, path);
  return predictionText({ question, calibration, path, from, predictions, phrase, checks: [], bills: [] });
}

export function questionFor({ base, extraBytes }: NumbersData, numbers: YourNumbers): Question {
  return { ...questionOf(numbers, base?.scenario), ...(extraBytes && { extraBytes }) };
}

export function commandOf({ pathOptions, base }: NumbersData, numbers: YourNumbers): string {
  return ['npx pvw predict', base?.word ?? '', optionsOf(numbers), pathOptions].filter((part) => part !== '').join(' ');
}
