import { coreUseOf } from '../../results/core-use.ts';
import type { CompletedTrial, Histogram } from '../../results/schema/schema.ts';
import { knowsPercentile } from '../figures/figure.ts';
import { formatValue } from '../figures/format.ts';
import { checkServerCore } from './core-check.ts';
import { limits } from './limits.ts';
import { checkLosses, checkPackets } from './packet-checks.ts';
import { checkStalls } from './stall-check.ts';
import { checkReached } from './via-checks.ts';
import { caution, doubt, type TrialWarning } from './warning.ts';

type Check = (trial: CompletedTrial) => TrialWarning | undefined;

/** Each checks for one reason to doubt a trial. */
export const trialChecks: readonly Check[] = [
  checkLedger,
  checkAnything,
  checkInstrument,
  checkServer,
  checkServerCore,
  checkLateness,
  checkRelay,
  checkStalls,
  checkRate,
  checkPolls,
  checkContradiction,
  checkFlow,
  checkClock,
  checkBytes,
  checkPackets,
  checkLosses,
  checkAnswers,
  checkReached,
  checkNoise,
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

/** A transport that had nothing to do is neither fresh nor cheap. Inputs do not count: they reach no client. */
function checkAnything({ ledger, updates: { accepted } }: CompletedTrial): TrialWarning | undefined {
  if (accepted > 0 && ledger.expected > 0) return undefined;
  const empty =
    accepted === 0
      ? 'The window had no update'
      : `No client was to receive any of the ${accepted.toLocaleString('en-US')} updates`;
  return doubt(
    'nothing-happened',
    `${empty}, so the figures are those of idle connections. Measure longer (--duration), or raise --rate or --clients.`,
  );
}

/** By CPU time: an event loop also counts as busy while another process has its core. */
function checkInstrument(trial: CompletedTrial): TrialWarning | undefined {
  const { load, source, limit } = coreUseOf(trial);
  if (limit !== 'instrument') return undefined;
  const [full] = [load, source].flatMap((core) => core ?? []).toSorted((a, b) => b.share - a.share);
  const busy = formatValue(full!.share, 'share', 2);
  return doubt(
    'saturated',
    `The core of ${full!.names.join(', ')} was ${busy} busy: the instrument was the limit. Use fewer clients or a lower rate.`,
  );
}

function checkServer(trial: CompletedTrial): TrialWarning | undefined {
  const [process] = trial.processes
    .filter(
      ({ role, eventLoopUtilization }) =>
        (role === 'server' || role === 'proxy') && eventLoopUtilization > limits.utilization,
    )
    .toSorted((a, b) => b.eventLoopUtilization - a.eventLoopUtilization);
  if (!process) return undefined;
  const busy = formatValue(process.eventLoopUtilization, 'share', 2);
  return caution(
    'saturated',
    `${process.name} was ${busy} busy: latency is that of a queue. Lower the rate to see the transport's.`,
  );
}

/** The lateness of inputs does not count: they are delivered to no client, so they are in no latency. */
function checkLateness({ latency, lateness, path }: CompletedTrial): TrialWarning | undefined {
  const clientsPublish = latency.uplink.count > 0;
  const late = clientsPublish ? lateness.publish.p90Ms : lateness.source.p90Ms;
  if (latency.delivery.count === 0 || late <= limits.lateness * latency.delivery.p50Ms) return undefined;
  const numbers = `${formatValue(late, 'ms')} at the 90th percentile, delivery takes ${formatValue(latency.delivery.p50Ms, 'ms')}`;
  const remedy = remedyOf(path, 'Free the machine', 'lower the rate');
  return doubt('source-late', `Updates left late (${numbers}). ${remedy}.`);
}

/**
 * What can be done where an absolute error is too large beside the latency. A longer round trip makes it small, but is
 * refused with `--via`, and where there is one already its length was the question.
 */
function remedyOf({ via, rttMs }: CompletedTrial['path'], ...others: readonly string[]): string {
  const all = via === undefined && rttMs === 0 ? [...others, 'give a round-trip time (--rtt)'] : others;
  return all.length === 1 ? all[0]! : `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`;
}

/** The relay adds its lateness to every delivery, and equally to each transport. */
function checkRelay({ latency, lateness }: CompletedTrial): TrialWarning | undefined {
  const late = lateness.relay.p90Ms;
  if (latency.delivery.count === 0 || late <= limits.lateness * latency.delivery.p50Ms) return undefined;
  const numbers = `${formatValue(late, 'ms')} at the 90th percentile, delivery takes ${formatValue(latency.delivery.p50Ms, 'ms')}`;
  return caution('relay-late', `The relay passed bytes on late (${numbers}). Free the machine or lower the rate.`);
}

function checkRate({ updates }: CompletedTrial): TrialWarning | undefined {
  const rates = [
    { name: 'updates', published: updates.published, intended: updates.intended },
    { name: 'inputs', published: updates.publishedInputs, intended: updates.intendedInputs },
  ];
  const missed = rates.find(({ published, intended }) => published < limits.rate * intended);
  if (!missed) return undefined;
  const { name, published, intended } = missed;
  return doubt(
    'rate-missed',
    `Only ${published} of ${intended} ${name} were published. Use fewer clients or a lower rate.`,
  );
}

function checkPolls({ counts: { skippedPolls, intendedPolls } }: CompletedTrial): TrialWarning | undefined {
  if (skippedPolls <= limits.skippedPolls * intendedPolls) return undefined;
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
 * Whether the mean is possible with these quantiles. Half of the values lie up to p50, 40% between p50 and p90, 9%
 * between p90 and p99, the rest up to the maximum: that bounds the mean from both sides. A histogram of three digits is
 * off by 0.1%, its percentiles by one value.
 */
function agrees({ count, meanMs, p50Ms, p90Ms, p99Ms, maxMs }: Histogram): boolean {
  if (count === 0) return true;
  const oneValue = maxMs / count;
  const low = 0.4 * p50Ms + 0.09 * p90Ms + 0.01 * p99Ms - oneValue;
  const high = 0.5 * p50Ms + 0.4 * p90Ms + 0.09 * p99Ms + 0.01 * maxMs + oneValue;
  const ordered = p50Ms <= p90Ms && p90Ms <= p99Ms && p99Ms <= maxMs * 1.001;
  return (
    ordered &&
    meanMs >= low * (1 - limits.meanOfPercentiles) &&
    meanMs <= high * (1 + limits.meanOfPercentiles) &&
    meanMs <= maxMs * 1.001
  );
}

/**
 * Little's law, L = λW (1961, https://doi.org/10.1287/opre.9.3.383): the mean number of deliveries under way is their
 * rate times their mean duration. It holds exactly, without assumptions on arrivals or order, for a time that begins
 * and ends with nothing under way. A trial is such a time: from one quiet edge, with every client up to date, to the
 * next. Multiplied by its length, the law says that the number under way, integrated over time, is deliveries × mean
 * latency.
 *
 * The integral comes from the server's list of updates and the clients' receipts, the number of deliveries from the
 * ledger, the mean from the histograms, which took their instants from the bytes on the wire. A lost sample, an instant
 * changed on the way, a value cut off at the end of the histogram: each breaks the equation. Conflated updates are on
 * neither side. Requests have no such check, because their duration is not recorded.
 */
function checkFlow({ latency: { delivery }, ledger, outstandingMs }: CompletedTrial): TrialWarning | undefined {
  if (outstandingMs === undefined) return undefined;
  const product = ledger.received * delivery.meanMs;
  // Each instant is rounded to a microsecond.
  const allowed = limits.littlesLaw * Math.max(outstandingMs, product) + ledger.received / 1000;
  if (Math.abs(outstandingMs - product) <= allowed) return undefined;
  const numbers = `${formatValue(outstandingMs, 'ms')} under way, deliveries × mean ${formatValue(product, 'ms')}`;
  return doubt('littles-law', `Little's law does not hold (${numbers}): a fault of the server or of pvw. Report it.`);
}

function checkClock({ latency: { delivery }, clockUncertaintyUs, path }: CompletedTrial): TrialWarning | undefined {
  const uncertainMs = (clockUncertaintyUs ?? 0) / 1000;
  if (delivery.count === 0 || uncertainMs <= limits.clock * delivery.p50Ms) return undefined;
  const numbers = `±${formatValue(uncertainMs, 'ms')}, delivery takes ${formatValue(delivery.p50Ms, 'ms')}`;
  const remedy = remedyOf(path, 'Free the machine');
  return doubt('clock-uncertain', `The clocks of the cores disagree (${numbers}). ${remedy}.`);
}

function checkNoise({ noise }: CompletedTrial): TrialWarning | undefined {
  if (!noise) return undefined;
  const slowest = Math.max(1, ...noise.spins.map(({ slowdown }) => slowdown));
  const share = (value: number | null) => formatValue(value ?? 0, 'share', 2);
  const signs = [
    (noise.strangerShare ?? 0) > limits.strangers && `others used ${share(noise.strangerShare)} of its cores`,
    (noise.stealShare ?? 0) > limits.steal && `the hypervisor took ${share(noise.stealShare)}`,
    (noise.throttledMs ?? 0) > limits.throttledMs &&
      `its control group was stopped for ${formatValue(noise.throttledMs!, 'ms')}`,
    slowest > limits.slowdown && `the same work took ${slowest.toFixed(1)} times its fastest`,
  ].filter((sign) => sign !== false);
  if (signs.length === 0) return undefined;
  return caution('noisy', `The machine was noisy: ${signs.join(', ')}. End what else runs, and measure again.`);
}

/**
 * Both ends and the relay between them counted every byte of every connection. With a proxy the servers are left out:
 * their connections are the proxy's, which carry other bytes.
 */
function checkBytes({ bytes: { whole }, path }: CompletedTrial): TrialWarning | undefined {
  const servers = path.route?.proxy || path.via !== undefined ? undefined : whole;
  const there = (counts: readonly (number | null | undefined)[]) => counts.filter((count) => typeof count === 'number');
  const down = there([whole.clientReadBytes, servers?.serverWrittenBytes, whole.relayDownBytes]);
  const up = there([whole.clientWrittenBytes, servers?.serverReadBytes, whole.relayUpBytes]);
  const differences = [down, up].map((counts) => (Math.max(...counts) - Math.min(...counts)) / Math.max(1, ...counts));
  const worst = Math.max(...differences);
  if (worst === 0) return undefined;
  const text = `Clients, relay and server counted bytes that differ by ${formatValue(worst, 'share', 2)}: a fault of pvw. Report it.`;
  return worst > limits.byteDifference ? doubt('bytes-disagree', text) : caution('bytes-disagree', text);
}

function checkAnswers({ counts: { errors }, path }: CompletedTrial): TrialWarning | undefined {
  if (errors === 0) return undefined;
  const proxied = path.route?.proxy || path.via !== undefined;
  const whose = proxied ? "the proxy's own, such as 502 and 504" : 'a fault of the server or of pvw';
  return caution('unexplained-answers', `${errors} answers are none that the contract knows: ${whose}.`);
}

/** A cold trial allows no verdict on CPU. */
function checkWarmUp({ window: { warmupMs, warmupOperations } }: CompletedTrial): TrialWarning | undefined {
  if (warmupMs >= limits.warmupMs && warmupOperations >= limits.warmupOperations) return undefined;
  const short =
    warmupMs < limits.warmupMs
      ? `A warm-up of ${formatValue(warmupMs, 'ms')} is short`
      : 'The warm-up had fewer than 10,000 operations';
  return caution('cold', `${short}: CPU figures hold compiling. Give --warmup 5s or more.`);
}

function checkUpdates(trial: CompletedTrial): TrialWarning | undefined {
  const { accepted } = trial.updates;
  // Without any there is no p99 either, and a warning that says more.
  if (accepted === 0 || knowsPercentile(trial, 0.99)) return undefined;
  return caution(
    'few-updates',
    `${accepted.toLocaleString('en-US')} updates: p99 rests on fewer than ten. Measure longer (--duration).`,
  );
}
