import { limits } from './limits.ts';
import type { WarningCode } from './warning.ts';

/** `when`: what raises the warning; `why`: the reason for this threshold. */
type Rule = { readonly effect: 'invalid' | 'caution' | 'both'; readonly when: string; readonly why: string };

const percent = (share: number) => `${Number((share * 100).toPrecision(3))}%`;

/** All warnings, in the order of the documentation of the method. */
export const warningRules: Readonly<Record<WarningCode, Rule>> = {
  'ledger-broken': {
    effect: 'invalid',
    when: 'expected ≠ received + conflated for any client, anything lost, repeated or out of order, published ≠ accepted',
    why: 'counts are exact: one update that cannot be explained means that the figures may be of something else',
  },
  'nothing-happened': {
    effect: 'invalid',
    when: 'no update was accepted in the window, or none that a client was to receive',
    why: 'the figures are those of idle connections: nothing was late, stale or lost because nothing was sent',
  },
  saturated: {
    effect: 'both',
    when:
      `a core with load, relay, source or backplane above ${percent(limits.instrumentCore)}, by the CPU time of all that share it (invalid); ` +
      `event loop of server or proxy above ${percent(limits.utilization)} (caution)`,
    why: `near 1 a queue grows without bound, at ${percent(limits.instrumentCore)} it is six deliveries long on average (M/D/1); from the instrument it would be taken for the transport’s, at the server it is a result`,
  },
  'core-full': {
    effect: 'caution',
    when: `nodes and proxy, pinned to one core, used more than ${percent(limits.core)} of it together, or the kernel counted it as busy for as long`,
    why: 'each waits while another has the core, which no event loop shows; the queue is for the core, so the limit is that of one process',
  },
  'source-late': {
    effect: 'invalid',
    when: `90th percentile of the lateness of publishing above ${percent(limits.lateness)} of the median latency`,
    why: 'lateness is inside of every latency; below a tenth it stays under what repeats differ by',
  },
  'relay-late': {
    effect: 'caution',
    when: `90th percentile of the relay's lateness above ${percent(limits.lateness)} of the median latency`,
    why: 'the same for every transport, so comparisons bear it and absolute figures do not',
  },
  stalled: {
    effect: 'caution',
    when:
      `a latency is left out: it differs by more than ${percent(limits.stalled.share)} and ${limits.stalled.ms} ms from the same latency without the ` +
      'deliveries that a stall touched or that left late, or stalls fill more of the window than the share beyond the percentile',
    why: "the instrument made that latency; the others are the transport's, and bytes and CPU of the servers are unaffected",
  },
  'packets-disagree': {
    effect: 'caution',
    when: 'without losses, headers of packets as counted by the kernel and as worked out from the number of packets differ at all',
    why: 'nothing is on the cable that is not in the sum, so a difference is a fault of the instrument',
  },
  'packets-lost': {
    effect: 'caution',
    when: `more than ${percent(limits.retransmitted)} of the packets went twice, where no loss was asked for`,
    why: 'spurious retransmissions occur on every path; from here on they show in bytes and latency',
  },
  'rate-missed': {
    effect: 'invalid',
    when: `less than ${percent(limits.rate)} of the intended updates or inputs were published`,
    why: 'the load was another one; the seeded schedule is known exactly, so 1% is for the end of the window alone',
  },
  'polls-skipped': {
    effect: 'caution',
    when: `more than ${percent(limits.skippedPolls)} of the polls were due before the last was answered`,
    why: 'the clients asked less often than the scenario says, which makes polling cheaper and staler',
  },
  contradiction: {
    effect: 'invalid',
    when: `the mean lies outside of the bounds that p50, p90, p99 and the maximum imply, by more than ${percent(limits.meanOfPercentiles)}`,
    why: 'impossible in any data; the histogram itself is exact to 0.1%',
  },
  'littles-law': {
    effect: 'invalid',
    when: `deliveries under way, summed up over time, differ from deliveries × mean latency by more than ${percent(limits.littlesLaw)}`,
    why: 'L = λW holds exactly where everything begins and ends empty; both sides are counted apart, the histogram to 0.1%',
  },
  'clock-uncertain': {
    effect: 'invalid',
    when: `instants of two processes may disagree by more than ${percent(limits.clock)} of the median latency`,
    why: 'an effect has to be larger than what its clock can tell; below that the uncertainty widens the intervals',
  },
  'bytes-disagree': {
    effect: 'both',
    when: `clients, relay and server count different bytes (caution), by more than ${percent(limits.byteDifference)} (invalid)`,
    why: 'three counts of the same bytes; from 0.1% on the third digit of a figure would change',
  },
  'unexplained-answers': {
    effect: 'caution',
    when: 'any answer that the contract on the wire does not explain',
    why: 'it costs bytes and CPU and delivers nothing',
  },
  'server-unreached': {
    effect: 'caution',
    when: 'behind a proxy of the user, a server in `--listen` that no client had asked when all were subscribed',
    why: 'fewer servers took part than the report says; of an unknown proxy no more can be asked than one client at each',
  },
  noisy: {
    effect: 'caution',
    when:
      `strangers used more than ${percent(limits.strangers)} of the cores' time, the hypervisor took more than ${percent(limits.steal)}, ` +
      `the control group was throttled, or the same work took ${limits.slowdown} times its fastest on average`,
    why:
      'a core that is shared for a tenth of the time queues updates for milliseconds and cools caches, which is as much as transports differ by; ' +
      'steal comes in slices of milliseconds, so 1% is already in p99; a spin of 0.4 ms that is interrupted once in twenty by an idle system stays below 1.5',
  },
  cold: {
    effect: 'caution',
    when: `a warm-up below ${limits.warmupMs / 1000} s or ${limits.warmupOperations.toLocaleString('en-US')} operations: no verdict on CPU`,
    why: 'until then compiling is charged to the trial, and to the transports unequally',
  },
  'few-updates': {
    effect: 'caution',
    when: `fewer than ${limits.updatesForP99.toLocaleString('en-US')} updates: p99 is marked weak`,
    why: 'fewer than ten independent updates lie beyond it',
  },
  drift: {
    effect: 'caution',
    when: `p50, server CPU or the speed of the cores goes one way over the run: seasonal Kendall test, Holm, and at least ${percent(limits.drift)} from end to end`,
    why: 'verdicts are pairs within a block and bear a slow change; below 5% absolute figures bear it too',
  },
  outlier: {
    effect: 'caution',
    when: `one repeat of four or more lies ${percent(limits.outlier)} or more from the others: Grubbs’s test on logarithms, Holm`,
    why: 'it is named and counts like the others: to remove what does not fit would decide the result',
  },
  unsteady: {
    effect: 'caution',
    when: `the small task on the server's core differed by more than ${percent(limits.unsteady)} (standard deviation) between repeats of the same trial`,
    why: 'it is the same work each time, so one pair of repeats in three is then over 14% apart in it without any change of theirs, and server CPU moves with it',
  },
  interrupted: { effect: 'caution', when: 'the run was stopped', why: 'what has ended is whole; the rest is missing' },
  running: { effect: 'caution', when: 'the run is not finished', why: 'the page is written again after each block' },
  'failed-trials': {
    effect: 'invalid',
    when: 'any trial failed',
    why: 'a failure is a result too, and must not be passed over',
  },
  'invalid-trials': { effect: 'invalid', when: 'any trial is invalid', why: 'it enters no comparison and no median' },
  'mistake-shown': {
    effect: 'caution',
    when: 'trials failed or are invalid over a path with `--mistake`, of a transport that the mistake hits',
    why: 'that is what it was to show: their figures are left out, the run stands',
  },
  'not-pinned': {
    effect: 'caution',
    when: 'processes were not pinned to cores',
    why: 'they then move, and share cores with each other',
  },
};

/** The rules as a Markdown table. */
export function warningsTable(): string {
  const rows = Object.entries(warningRules).map(
    ([code, { effect, when, why }]) =>
      `| \`${code}\` | ${effect === 'both' ? 'invalid or caution' : effect} | ${when} | ${why} |`,
  );
  return ['| warning | effect | when | why there |', '|:--|:--|:--|:--|', ...rows].join('\n');
}
