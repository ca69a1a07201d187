import type { CompletedTrial, Histogram, ProcessFigures } from '../results/schema.ts';
import { knowsPercentile } from './figures.ts';
import { formatValue } from './format.ts';
import { checkLosses, checkPackets, type PacketWarningCode } from './packet-checks.ts';
import { caution, doubt, type Warning } from './warning.ts';

export type TrialWarningCode =
  | 'ledger-broken'
  | 'saturated'
  | 'source-late'
  | 'relay-late'
  | 'rate-missed'
  | 'polls-skipped'
  | 'contradiction'
  | 'bytes-disagree'
  | PacketWarningCode
  | 'unexplained-answers'
  | 'cold'
  | 'few-updates';
export type TrialWarning = Warning<TrialWarningCode>;

type Check = (trial: CompletedTrial) => TrialWarning | undefined;

const highestUtilization = 0.9;
const highestLateness = 0.1;
const highestByteDifference = 0.001;
const lowestRate = 0.99;
const highestSkipped = 0.01;
/** Until then the compiler's work is charged to the trial. */
export const leastWarmUp = { ms: 5_000, operations: 10_000 };

/** Each looks for one reason to doubt a trial. */
export const trialChecks: readonly Check[] = [
  checkLedger,
  checkLoadGenerator,
  checkServer,
  checkLateness,
  checkRelay,
  checkRate,
  checkPolls,
  checkContradiction,
  checkBytes,
  checkPackets,
  checkLosses,
  checkAnswers,
  checkWarmUp,
  checkUpdates,
];

function checkLedger({ ledger, updates }: CompletedTrial): TrialWarning | undefined {
  const faults = [
    ...(['lost', 'duplicated', 'outOfOrder', 'clientsOutOfBalance'] as const)
      .filter((name) => ledger[name] > 0)
      .map((name) => `${ledger[name].toLocaleString('en-US')} ${ledgerWords[name]}`),
    ...(ledger.expected === ledger.received + ledger.conflated ? [] : ['expected is not received plus conflated']),
    ...(updates.published === updates.accepted ? [] : [`${updates.published} published, ${updates.accepted} accepted`]),
    ...(updates.publishedInputs === updates.acceptedInputs
      ? []
      : [`${updates.publishedInputs} inputs published, ${updates.acceptedInputs} accepted`]),
  ];
  if (faults.length === 0) return undefined;
  return doubt(
    'ledger-broken',
    `The ledger does not balance (${faults.join(', ')}): a fault of the transport or of pvw. Report it.`,
  );
}

const ledgerWords = {
  lost: 'lost',
  duplicated: 'duplicated',
  outOfOrder: 'out of order',
  clientsOutOfBalance: 'clients out of balance',
} as const;

function busiest(trial: CompletedTrial, roles: readonly ProcessFigures['role'][]): ProcessFigures | undefined {
  return trial.processes
    .filter(({ role, eventLoopUtilization }) => roles.includes(role) && eventLoopUtilization > highestUtilization)
    .sort((a, b) => b.eventLoopUtilization - a.eventLoopUtilization)[0];
}

function checkLoadGenerator(trial: CompletedTrial): TrialWarning | undefined {
  const process = busiest(trial, ['load', 'relay', 'source']);
  if (!process) return undefined;
  const busy = formatValue(process.eventLoopUtilization, 'share', 2);
  return doubt(
    'saturated',
    `${process.name} was ${busy} busy: the instrument was the limit. Use fewer clients or a lower rate.`,
  );
}

function checkServer(trial: CompletedTrial): TrialWarning | undefined {
  const process = busiest(trial, ['server']);
  if (!process) return undefined;
  const busy = formatValue(process.eventLoopUtilization, 'share', 2);
  return caution(
    'saturated',
    `${process.name} was ${busy} busy: latency is that of a queue. Lower the rate to see the transport's.`,
  );
}

/** Inputs do not count: nobody receives them, so they are in no latency. */
function checkLateness({ latency, lateness, path }: CompletedTrial): TrialWarning | undefined {
  const clientsPublish = latency.uplink.count > 0;
  const late = clientsPublish ? lateness.publish.p90Ms : lateness.source.p90Ms;
  if (latency.delivery.count === 0 || late <= highestLateness * latency.delivery.p50Ms) return undefined;
  const numbers = `${formatValue(late, 'ms')} at the 90th percentile, delivery takes ${formatValue(latency.delivery.p50Ms, 'ms')}`;
  const remedy =
    path.rttMs === 0 ? 'Give a round-trip time (--rtt), or free the machine' : 'Free the machine or lower the rate';
  return doubt('source-late', `Updates left late (${numbers}). ${remedy}.`);
}

/** The relay adds its own lateness to every delivery, and to each transport the same. */
function checkRelay({ latency, lateness }: CompletedTrial): TrialWarning | undefined {
  const late = lateness.relay.p90Ms;
  if (latency.delivery.count === 0 || late <= highestLateness * latency.delivery.p50Ms) return undefined;
  const numbers = `${formatValue(late, 'ms')} at the 90th percentile, delivery takes ${formatValue(latency.delivery.p50Ms, 'ms')}`;
  return caution('relay-late', `The relay passed bytes on late (${numbers}). Free the machine or lower the rate.`);
}

function checkRate({ updates }: CompletedTrial): TrialWarning | undefined {
  const rates = [
    { name: 'updates', published: updates.published, intended: updates.intended },
    { name: 'inputs', published: updates.publishedInputs, intended: updates.intendedInputs },
  ];
  const missed = rates.find(({ published, intended }) => published < lowestRate * intended);
  if (!missed) return undefined;
  const { name, published, intended } = missed;
  return doubt(
    'rate-missed',
    `Only ${published} of ${intended} ${name} were published. Use fewer clients or a lower rate.`,
  );
}

function checkPolls({ counts: { skippedPolls, intendedPolls } }: CompletedTrial): TrialWarning | undefined {
  if (skippedPolls <= highestSkipped * intendedPolls) return undefined;
  const share = formatValue(skippedPolls / intendedPolls, 'share', 2);
  return caution('polls-skipped', `${share} of the polls were due before the last was answered. Poll less often.`);
}

function checkContradiction({ latency }: CompletedTrial): TrialWarning | undefined {
  if (agrees(latency.delivery)) return undefined;
  const mean = formatValue(latency.delivery.meanMs, 'ms');
  return doubt(
    'contradiction',
    `A mean latency of ${mean} is impossible with these percentiles: a fault of pvw. Report it.`,
  );
}

/**
 * Whether the mean can belong to these quantiles. Half of the values lie up to p50, 40% up to p90, 9% up to p99, the rest
 * up to the longest: that bounds the mean from both sides. A histogram of three digits is off by 0.1%, its percentiles
 * by one value.
 */
function agrees({ count, meanMs, p50Ms, p90Ms, p99Ms, maxMs }: Histogram): boolean {
  if (count === 0) return true;
  const oneValue = maxMs / count;
  const low = 0.4 * p50Ms + 0.09 * p90Ms + 0.01 * p99Ms - oneValue;
  const high = 0.5 * p50Ms + 0.4 * p90Ms + 0.09 * p99Ms + 0.01 * maxMs + oneValue;
  const ordered = p50Ms <= p90Ms && p90Ms <= p99Ms && p99Ms <= maxMs * 1.001;
  return ordered && meanMs >= low * 0.998 && meanMs <= high * 1.002 && meanMs <= maxMs * 1.001;
}

/** Both ends counted every byte of every connection, and so did the relay between them. */
function checkBytes({ bytes: { whole } }: CompletedTrial): TrialWarning | undefined {
  const down = [whole.clientReadBytes, whole.serverWrittenBytes, whole.relayDownBytes ?? whole.serverWrittenBytes];
  const up = [whole.clientWrittenBytes, whole.serverReadBytes, whole.relayUpBytes ?? whole.serverReadBytes];
  const differences = [down, up].map((counts) => (Math.max(...counts) - Math.min(...counts)) / Math.max(1, ...counts));
  const worst = Math.max(...differences);
  if (worst === 0) return undefined;
  const text = `Clients, relay and server counted bytes that differ by ${formatValue(worst, 'share', 2)}: a fault of pvw. Report it.`;
  return worst > highestByteDifference ? doubt('bytes-disagree', text) : caution('bytes-disagree', text);
}

function checkAnswers({ counts: { errors } }: CompletedTrial): TrialWarning | undefined {
  if (errors === 0) return undefined;
  return caution(
    'unexplained-answers',
    `${errors} answers are none that the contract knows: a fault of the server or of pvw.`,
  );
}

/** No verdict on CPU follows from such a trial. */
function checkWarmUp({ window: { warmupMs, warmupOperations } }: CompletedTrial): TrialWarning | undefined {
  if (warmupMs >= leastWarmUp.ms && warmupOperations >= leastWarmUp.operations) return undefined;
  const short =
    warmupMs < leastWarmUp.ms
      ? `A warm-up of ${formatValue(warmupMs, 'ms')} is short`
      : 'The warm-up had fewer than 10,000 operations';
  return caution('cold', `${short}: CPU figures hold compiling. Give --warmup 5s or more.`);
}

function checkUpdates(trial: CompletedTrial): TrialWarning | undefined {
  if (knowsPercentile(trial, 0.99)) return undefined;
  const { accepted } = trial.updates;
  return caution(
    'few-updates',
    `${accepted.toLocaleString('en-US')} updates: p99 rests on fewer than ten. Measure longer (--duration).`,
  );
}
