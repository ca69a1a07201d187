import { type Prediction, predictAll } from '../../analysis/model/prediction/predict.ts';
import type { Question } from '../../analysis/model/prediction/question.ts';
import { plainLoad } from '../../scenarios/catalogue/plain-load.ts';
import { handPath } from './plain-calibration.ts';

/** A hundred clients in one channel, with an update a second at random. */
export const plainQuestion: Question = {
  scenario: { ...plainLoad, clients: 100, channels: 1, arrivals: { kind: 'poisson', perSecond: 1 } },
  rttMs: 40,
};

/** What is predicted for it over WebSocket by `handPath`; for tests that change a number and read its words. */
export function plainPrediction(altered: Partial<Prediction> = {}): Prediction {
  const found = predictAll(plainQuestion, handPath).find(({ transport }) => transport === 'websocket')!;
  return { ...found, ...altered };
}
