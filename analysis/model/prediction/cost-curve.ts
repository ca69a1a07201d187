import type { Transport } from '../../../protocol/transport.ts';
import type { PathCalibration } from '../../../results/schema/calibration-schema.ts';
import { type Prediction, predictAll, predictOne } from './predict.ts';
import type { Question } from './question.ts';

/** Mean staleness, and per client and minute bytes at the sockets and milliseconds of CPU of all that serves. */
export type PredictedCost = { readonly stalenessMs: number; readonly bytes: number; readonly cpu: number };

const secondsPerMinute = 60;
/** Intervals of the curve, from a tenth of a second to a minute. */
const intervalsMs = Array.from({ length: 29 }, (_, i) => 100 * 10 ** (i / 10)).filter((ms) => ms <= 60_000);

/** What short polling costs at each interval, and the other transports. */
export function predictedCosts(
  question: Question,
  path: PathCalibration,
): {
  readonly polling: readonly PredictedCost[];
  readonly others: readonly (PredictedCost & { readonly transport: Transport })[];
} {
  const { toleranceMs: _, ...free } = question;
  const at = (pollIntervalMs: number) =>
    predictOne('short-polling', { ...free, scenario: { ...free.scenario, pollIntervalMs } }, path);
  return {
    polling: intervalsMs.flatMap((ms) => {
      const prediction = at(ms);
      return prediction ? [costOf(prediction, question)] : [];
    }),
    others: predictAll(free, path)
      .filter(({ transport }) => transport !== 'short-polling')
      .map((prediction) => ({ transport: prediction.transport, ...costOf(prediction, question) })),
  };
}

function costOf(prediction: Prediction, { scenario }: Question): PredictedCost {
  const { layers, staleness, serverCores, proxyCores } = prediction;
  const { down, up } = layers;
  const atSockets = down.updates + down.framing + down.tls + up.updates + up.framing + up.tls;
  const cores = serverCores.value + (proxyCores?.value ?? 0);
  return {
    stalenessMs: staleness.mean.value,
    bytes: atSockets * secondsPerMinute,
    cpu: (cores * 1000 * secondsPerMinute) / scenario.clients,
  };
}
