import { formatParameter } from '../../analysis/figures/format.ts';
import { highestUtilization, utilizationOf } from '../../analysis/model/freshness/fan-out.ts';
import { longestKeptMs } from '../../analysis/model/freshness/poll-interval.ts';
import { lockedRangeMs } from '../../analysis/model/freshness/short-polling.ts';
import { pathWords } from '../../analysis/model/prediction/path.ts';
import type { Prediction } from '../../analysis/model/prediction/predict.ts';
import type { Question } from '../../analysis/model/prediction/question.ts';
import { fanOutOf } from '../../analysis/model/prediction/senders.ts';
import { type Transport, transports, transportTitles } from '../../protocol/transport.ts';
import type { Calibration, PathCalibration } from '../../results/schema/calibration-schema.ts';
import { workWords } from './rows.ts';

/** Beyond so many times what was calibrated, a cost is a guess. */
const farBeyond = 10;

/** A larger share of the latency than its interval has is worth a word. */
const largeShare = 0.1;

type Asked = {
  readonly question: Question;
  readonly predictions: readonly Prediction[];
};

/** Which assumption of the model does not hold for a question, and how its numbers are wrong for that. */
export function predictionNotes(asked: Asked): readonly string[] {
  return [
    ...fanOutNotes(asked),
    ...sendNotes(asked),
    ...lockNotes(asked),
    ...cohortNotes(asked),
    ...intervalNotes(asked),
    ...distanceNotes(asked),
    ...unseenNotes(asked),
  ];
}

function fanOutNotes({ predictions }: Asked): readonly string[] {
  return ['a node', 'a worker of NGINX'].flatMap((sender, place) => {
    const busy = predictions.filter(({ senders }) => {
      const found = senders[place];
      return found && utilizationOf(found) > highestUtilization;
    });
    if (busy.length === 0) return [];
    return [
      `${titles(busy)}: ${sender} spends more than ${highestUtilization * 100}% of its time on sending. The model counts each send by ` +
        'itself; a busy server sends several at once, so latency is likely to be lower than given.',
    ];
  });
}

function sendNotes({ predictions }: Asked): readonly string[] {
  const large = predictions.filter(
    ({ senders, latency }) => fanOutOf(senders).meanMs > largeShare * latency.mean.value,
  );
  if (large.length === 0) return [];
  return [
    `${titles(large)}: more than ${largeShare * 100}% of the latency is waiting for the sends to other clients. That is CPU time of the ` +
      'calibrated machine: it holds there alone, and is less certain than the interval of the latency says.',
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
      `given; that of one client may be up to ${half} more or less for as long as it is connected.`,
  ];
}

function cohortNotes({ question: { scenario, toleranceMs }, predictions }: Asked): readonly string[] {
  const { pollCohortsMs, title } = scenario;
  const polling = predictions.find(({ transport }) => transport === 'short-polling');
  if (!pollCohortsMs || toleranceMs !== undefined || polling?.pollIntervalMs === undefined) return [];
  return [
    `Short polling: clients of ${title} ask at ${pollCohortsMs.length} different intervals. Here all ask every ` +
      `${formatParameter(polling.pollIntervalMs, 'ms')}; another interval is given with --poll-interval.`,
  ];
}

function intervalNotes({ predictions }: Asked): readonly string[] {
  const polling = predictions.find(({ pollIntervalMs }) => (pollIntervalMs ?? 0) > longestKeptMs);
  if (!polling) return [];
  return [
    'Short polling: the model takes it that connections stay open between polls. Servers and proxies commonly close one that ' +
      'is idle for a minute, and a poll that has to connect first costs more bytes and CPU than given here.',
  ];
}

function distanceNotes({ predictions }: Asked): readonly string[] {
  const far = predictions.filter(
    ({ extrapolation }) => extrapolation.times > farBeyond && Number.isFinite(extrapolation.times),
  );
  if (far.length === 0) return [];
  return [
    `${titles(far)}: a node or a worker of NGINX has more than ${farBeyond} times the load that was calibrated. The model lets costs grow in ` +
      'proportion; garbage collection and full caches make them grow faster, so plan with the upper ends of cores and memory.',
  ];
}

/** What has no cost, because the calibration has nothing of its kind. */
function unseenNotes({ predictions }: Asked): readonly string[] {
  const unseen = predictions.filter(({ extrapolation }) => extrapolation.times === Number.POSITIVE_INFINITY);
  if (unseen.length === 0) return [];
  return [
    `${titles(unseen)}: the calibration has no ${workWords[unseen[0]!.extrapolation.of]}, so cores leave out what they cost.`,
  ];
}

/** Transports whose costs a calibration could not tell, or that its run did not have. */
export function missingNotes(
  predictions: readonly Prediction[],
  { route }: Pick<PathCalibration, 'route'>,
): readonly string[] {
  const missing = transports.filter((transport) => !predictions.some((each) => each.transport === transport));
  if (missing.length === 0) return [];
  const command = ['pvw calibrate', pathWords(route)].filter((part) => part !== '').join(' ');
  return [
    `${titlesOf(missing)}: the calibration has no costs of ${missing.length === 1 ? 'it' : 'them'}. Make another: ${command}`,
  ];
}

/** Where the numbers are from, and what of them holds elsewhere. */
export function calibrationText({ environment, measuredAt, version }: Calibration, from: string): string {
  const { cpuModel, node, kernel } = environment;
  return `Costs are those of a calibration ${from}: ${measuredAt.slice(0, 10)}, pvw ${version}, Node.js ${node}, ${cpuModel}, Linux ${kernel}.`;
}

export const carriesText =
  'Latency, requests and bytes follow from arrivals and protocols, and hold anywhere. Cores and memory (c) are those of the ' +
  'calibrated machine; elsewhere they say no more than how transports compare. What is marked m holds for that machine alone.';

function titles(predictions: readonly Prediction[]): string {
  return titlesOf(predictions.map(({ transport }) => transport));
}

function titlesOf(named: readonly Transport[]): string {
  return named.map((transport) => transportTitles[transport]).join(', ');
}
