import { formatParameter } from '../../analysis/figures/format.ts';
import { highestUtilization } from '../../analysis/model/freshness/fan-out.ts';
import { longestKeptMs } from '../../analysis/model/freshness/poll-interval.ts';
import { lockedRangeMs } from '../../analysis/model/freshness/short-polling.ts';
import { fanOutOf, type Prediction, type Question } from '../../analysis/model/prediction/predict.ts';
import { transportTitles } from '../../protocol/transport.ts';
import type { Calibration, PathCalibration } from '../../results/schema/calibration-schema.ts';

/** Beyond so many times what was calibrated, a cost is a guess. */
const farBeyond = 10;

type Asked = {
  readonly question: Question;
  readonly path: PathCalibration;
  readonly predictions: readonly Prediction[];
};

/** Which assumption of the model does not hold for a question, and how its numbers are wrong for that. */
export function predictionNotes(asked: Asked): readonly string[] {
  return [...fanOutNotes(asked), ...lockNotes(asked), ...intervalNotes(asked), ...distanceNotes(asked)];
}

function fanOutNotes({ question: { scenario }, path, predictions }: Asked): readonly string[] {
  const busy = predictions.filter(({ transport, nodes }) => {
    const calibration = path.transports[transport];
    return calibration && fanOutOf(transport, scenario, { nodes, calibration }).busy > highestUtilization;
  });
  if (busy.length === 0) return [];
  return [
    `${titles(busy)}: a node sends for more than ${highestUtilization * 100}% of the time. The model takes each send as ` +
      'one of its own; a busy server sends several at once, so latency is likely to be shorter than it says.',
  ];
}

function lockNotes({ question: { scenario }, predictions }: Asked): readonly string[] {
  const { arrivals } = scenario;
  const polling = predictions.find(({ transport }) => transport === 'short-polling');
  if (arrivals.kind !== 'constant' || polling?.pollIntervalMs === undefined) return [];
  const rangeMs = lockedRangeMs(polling.pollIntervalMs, 1000 / arrivals.perSecond);
  if (rangeMs === 0) return [];
  const half = formatParameter(rangeMs / 2, 'ms');
  return [
    `Short polling: updates come at a constant pace and keep in step with the polls. The mean over many clients is as ` +
      `given; that of one client may be ${half} more or less for as long as it is connected.`,
  ];
}

function intervalNotes({ predictions }: Asked): readonly string[] {
  const polling = predictions.find(({ pollIntervalMs }) => (pollIntervalMs ?? 0) > longestKeptMs);
  if (!polling) return [];
  return [
    'Short polling: the model takes connections as kept between polls. Servers and proxies commonly close one that is ' +
      'idle for a minute, and a poll that has to connect costs more bytes and CPU than given here.',
  ];
}

function distanceNotes({ predictions }: Asked): readonly string[] {
  const far = predictions.filter(({ extrapolation }) => extrapolation.times > farBeyond);
  if (far.length === 0) return [];
  return [
    `${titles(far)}: cores and memory lie more than ${farBeyond} times beyond what was calibrated. Costs are taken to grow in ` +
      'proportion; garbage collection and full caches make them grow faster, so take the upper ends.',
  ];
}

/** Where the numbers are from, and what of them holds elsewhere. */
export function calibrationText({ environment, measuredAt, version }: Calibration, from: string): string {
  const { cpuModel, node, kernel } = environment;
  return `Costs by a calibration ${from}, ${measuredAt.slice(0, 10)}, pvw ${version}, Node.js ${node}, ${cpuModel}, Linux ${kernel}.`;
}

export const carriesText =
  'Latency, requests and bytes follow from arrivals and protocols, and hold anywhere. Cores (c) and memory are those of the ' +
  'calibrated machine: elsewhere their ratios between transports hold, to about 20%. What is marked m holds for that machine alone.';

function titles(predictions: readonly Prediction[]): string {
  return predictions.map(({ transport }) => transportTitles[transport]).join(', ');
}
