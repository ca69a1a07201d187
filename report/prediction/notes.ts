import { formatNumber, formatParameter } from '../../analysis/figures/format.ts';
import type { Interval } from '../../analysis/model/cost/interval.ts';
import { highestUtilization, type Sender, utilizationOf } from '../../analysis/model/freshness/fan-out.ts';
import { longestKeptMs } from '../../analysis/model/freshness/poll-interval.ts';
import { lockedRangeMs } from '../../analysis/model/freshness/short-polling.ts';
import { fewestNodes, portsToNode } from '../../analysis/model/prediction/limits.ts';
import { calibrateCommand } from '../../analysis/model/prediction/path.ts';
import type { Prediction } from '../../analysis/model/prediction/predict.ts';
import type { Question } from '../../analysis/model/prediction/question.ts';
import { coresInAll, memoryInAll } from '../../analysis/model/prediction/totals.ts';
import { type Transport, transports, transportTitles } from '../../protocol/transport.ts';
import type { Calibration, PathCalibration, Work } from '../../results/schema/calibration-schema.ts';
import { workWords } from './rows.ts';

/** Beyond so many times what was calibrated, a cost is a guess. */
const farBeyond = 3;

/** Nodes are planned for less than this, if they can be. */
const crowdedUse = 0.72;

/** A larger share of the latency is worth a word. */
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
    ...roomNotes(asked),
    ...portNotes(asked),
    ...fallbackNotes(asked),
    ...updateNotes(asked),
    ...distanceNotes(asked),
    ...wideNotes(asked),
    ...severalNotes(asked),
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
  const sending = predictions.map((prediction) => ({ prediction, share: sendShareOf(prediction) }));
  const large = sending.filter(({ share }) => share > largeShare);
  if (large.length === 0) return [];
  const shares = large.map(({ share }) => share);
  return [
    `${titles(large.map(({ prediction }) => prediction))}: ${shareRange(shares)} of the mean latency is waiting for the sends to other ` +
      `clients. That is CPU time of the calibrated machine and holds there alone; the interval of the latency contains that of CPU. ${slowestText(large)}`,
  ];
}

/** What to have more of. */
function slowestText(large: readonly { readonly prediction: Prediction }[]): string {
  const places = large.map(({ prediction: { senders } }) => (senders[1] && isSlower(senders[1], senders[0]!) ? 1 : 0));
  const words = [places.includes(0) && 'nodes', places.includes(1) && 'workers of NGINX'].filter(
    (word) => word !== false,
  );
  return `More ${words.join(' or ')} would shorten it.`;
}

function isSlower(a: Sender, b: Sender): boolean {
  return utilizationOf(a) > utilizationOf(b);
}

/** Where sends never end, nothing else counts. */
function sendShareOf({ fanOutMs, latency: { mean } }: Prediction): number {
  return Number.isFinite(fanOutMs.value) ? fanOutMs.value / mean.value : 1;
}

function shareRange(shares: readonly number[]): string {
  const [least, most] = [Math.min(...shares), Math.max(...shares)].map((share) => `${Math.round(100 * share)}%`);
  return least === most ? least! : `${least} to ${most}`;
}

/** Nodes that were asked for and cannot hold the clients, or would be full. */
function roomNotes({ question: { nodes, scenario }, predictions }: Asked): readonly string[] {
  if (nodes === undefined) return [];
  const without = predictions.filter(
    ({ connections, proxyCores }) => proxyCores && fewestNodes(connections, true) > nodes,
  );
  const given = nodes === 1 ? 'the node has' : `the ${nodes} nodes have`;
  return [
    ...(without.length > 0
      ? [
          `${titles(without)}: NGINX has ${formatNumber(portsToNode)} ports to a node, so ${given} room for ${formatNumber(portsToNode * nodes)} connections. ` +
            `The others of ${formatNumber(scenario.clients)} clients are refused; the numbers are those of all, as if there were room.`,
        ]
      : []),
  ];
}

/** Why ports decide, and what has more of them. */
function portNotes({ question, predictions }: Asked): readonly string[] {
  const { clients } = question.scenario;
  const decided = predictions.filter(
    ({ nodesFor, firstLimit }) =>
      nodesFor === 'ports' || (firstLimit.what === 'proxy-ports' && firstLimit.clients.value >= clients),
  );
  if (decided.length === 0) return [];
  return [
    `${titles(decided)}: each connection from NGINX to a node takes a local port, and Linux has ${formatNumber(portsToNode)} of them for each address of a ` +
      'node (net.ipv4.ip_local_port_range, 32768 to 60999). A wider range, or a second address of a node, has room for more.',
  ];
}

/** How long polls fall back that cannot keep to the tolerance. */
function fallbackNotes({ question: { toleranceMs }, predictions }: Asked): readonly string[] {
  const polling = predictions.find(({ transport }) => transport === 'short-polling');
  if (toleranceMs === undefined || polling?.tolerance !== 'missed' || polling.overload) return [];
  return [
    `Short polling: no interval keeps to the tolerance, so its numbers are those of asking every ${formatParameter(polling.pollIntervalMs!, 'ms')}. ` +
      'For another leave out --staleness and give --poll-interval.',
  ];
}

/** A node that its share of the updates fills, however many there are. */
function updateNotes({ predictions }: Asked): readonly string[] {
  const full = predictions.filter(
    ({ nodesFor, serverCores, nodes }) => nodesFor === 'cpu' && serverCores.value > crowdedUse * nodes,
  );
  if (full.length === 0) return [];
  return [
    `${titles(full)}: each node takes in all updates, and that fills most of its core however many nodes there are. Give each group of ` +
      'channels nodes of its own: predict one group.',
  ];
}

/** What the numbers of several nodes leave out. */
function severalNotes({ question: { scenario }, predictions }: Asked): readonly string[] {
  const several = predictions.filter(({ nodes }) => nodes > 1);
  if (several.length === 0) return [];
  const broker = scenario.origin === 'client' ? 'a message of a client' : 'an update';
  return [
    `${titles(several)}: several nodes need a way by which ${broker} reaches all of them, such as a broker. Its cost and its delay are not ` +
      'counted. Long polling, and whatever resumes after a cut, must come back to the same node, or to one that has the same history: ' +
      'ip_hash in NGINX does that.',
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
      'proportion; garbage collection and full caches make them grow faster, so plan with the upper ends of cores, memory, nodes and workers.' +
      (far.some(({ extrapolation }) => extrapolation.of === 'clients')
        ? ' Calibrate with more clients to come nearer: pvw calibrate --clients.'
        : ''),
  ];
}

/** An interval wider than its value tells little more than the order of magnitude. */
function wideNotes({ predictions }: Asked): readonly string[] {
  const wide = predictions.filter((prediction) => isWide(coresInAll(prediction)) || isWide(memoryInAll(prediction)));
  if (wide.length === 0) return [];
  return [
    `${titles(wide)}: the interval of cores or memory is wider than its value, so that value is little more than its order of magnitude. ` +
      'Measure nearer to your load before you buy anything by it.',
  ];
}

function isWide({ value, low, high }: Interval): boolean {
  return high - low > value;
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
  const command = calibrateCommand(route);
  return [
    `${titlesOf(missing)}: the calibration has no costs of ${missing.length === 1 ? 'it' : 'them'}. Make another: ${command}`,
  ];
}

/** Where the costs are from, and of what size they were. */
export function calibrationText(
  { environment, measuredAt, version }: Calibration,
  { transports: calibrated, rttsMs }: PathCalibration,
  from: string,
): string {
  const { cpuModel, node, kernel } = environment;
  const largest = (key: keyof Work) =>
    formatNumber(Math.max(...Object.values(calibrated).map(({ server }) => server.largest[key])), 2);
  const trips = rttsMs.map((ms) => formatParameter(ms, 'ms')).join(' and ');
  return (
    `Costs are those of a calibration ${from}: ${measuredAt.slice(0, 10)}, pvw ${version}, Node.js ${node}, ${cpuModel}, Linux ${kernel}. ` +
    `It had one node with up to ${largest('clients')} clients and ${largest('deliveriesPerSecond')} deliveries a second, and round trips of ${trips}.`
  );
}

function titles(predictions: readonly Prediction[]): string {
  return predictions.length === transports.length
    ? 'All transports'
    : titlesOf(predictions.map(({ transport }) => transport));
}

function titlesOf(named: readonly Transport[]): string {
  return named.map((transport) => transportTitles[transport]).join(', ');
}
