import { transports } from '../../protocol/transport.ts';
import { type Agreement, untilAgreed } from '../oracles/agreement.ts';
import { type DelayedTrial, runDelayedTrial } from '../oracles/delayed-trials.ts';
import { agrees } from '../oracles/expectation.ts';
import { runStalledTrial, type StalledTrial, type StalledWindow } from '../oracles/stalled-trials.ts';
import { percentileOf, truthFor } from '../oracles/truth.ts';
import type { Evidence, Finding } from './evidence.ts';
import { askDelayed, askStalled, type Mode, modes, type Said } from './load-generator.ts';

const percentiles = [50, 90, 99];
const delayMs = 100;

const window: StalledWindow = { perSecond: 100, seconds: 20, stallAtMs: 9_500, stallMs: 1_000 };

/** Coordinated omission: a client that waits for answers asks least while the server is slow, and so misses that. */
export const omissionEvidence: Evidence = {
  summary: 'servers that are late or stopped: truth computed, what this suite says, what autocannon says',
  measure: async (say) => {
    const ours: Finding[] = [];
    for (const transport of transports) {
      const delayed = await untilAgreed(() => runDelayedTrial(transport, delayMs), percentiles, say);
      ours.push(reported(`updates reach the server ${delayMs} ms late`, delayed));
    }
    for (const transport of transports) {
      const stalled = await untilAgreed(() => runStalledTrial(transport, window), percentiles, say);
      ours.push(reported('the server is stopped for 1 s in 20 s, 100 updates/s', stalled));
    }
    const others: Finding[] = [];
    for (const mode of modes) {
      say(`autocannon, ${mode}`);
      others.push(
        said(`answers come ${delayMs} ms late`, mode, await askDelayed(mode, delayMs, 50, 10), [100, 100, 100]),
      );
    }
    const truth = stallTruthMs();
    for (const mode of modes) {
      say(`autocannon, ${mode}, stopped server`);
      others.push(
        said('the server is stopped for 1 s in 20 s, 100 requests/s', mode, await askStalled(mode, window), truth),
      );
    }
    return [...ours, ...others];
  },
};

function reported(situation: string, { trial, compared }: Agreement<DelayedTrial | StalledTrial>): Finding {
  const found = compared.map(
    ({ percentile, truthMs, reportedMs }) => `p${percentile} ${reportedMs.toFixed(1)} ms (true: ${truthMs.toFixed(1)})`,
  );
  return {
    claim: `${situation}: ${trial.transport} is reported within 3% or 2 ms of the truth`,
    found: found.join(', '),
    holds: compared.every((each) => agrees(each, 0)),
  };
}

/** True percentiles in milliseconds. Requests start at an even pace, independent of earlier answers, as users do. */
function stallTruthMs(): readonly number[] {
  const { perSecond, seconds, stallAtMs, stallMs } = window;
  const intendedUs = Array.from({ length: perSecond * seconds }, (_, i) => (i * 1e6) / perSecond);
  const stall = { fromUs: stallAtMs * 1000, toUs: (stallAtMs + stallMs) * 1000 };
  const { receivedUs } = truthFor({
    transport: 'websocket',
    intendedUs,
    delayUs: 0,
    stall,
    firstPollUs: 0,
    pollIntervalUs: 0,
  });
  const latenciesMs = intendedUs.map((atUs, i) => (receivedUs[i]! - atUs) / 1000);
  return percentiles.map((percentile) => percentileOf(latenciesMs, percentile));
}

/**
 * Where autocannon must agree with the truth. A closed loop measures a constant delay correctly, but misses a stall.
 */
const rightAbout: Readonly<Record<Mode, { readonly delay: boolean; readonly stall: boolean }>> = {
  'no rate': { delay: true, stall: false },
  'rate, correction off': { delay: true, stall: false },
  'rate, correction on': { delay: false, stall: false },
};

function said(
  situation: string,
  mode: Mode,
  { p50Ms, p90Ms, p99Ms, values }: Said,
  truthMs: readonly number[],
): Finding {
  const compared = [p50Ms, p90Ms, p99Ms].map((reportedMs, i) => ({
    percentile: percentiles[i]!,
    truthMs: truthMs[i]!,
    reportedMs,
  }));
  const right = rightAbout[mode][situation.startsWith('answers') ? 'delay' : 'stall'];
  const found = compared.map(
    ({ percentile, truthMs, reportedMs }) => `p${percentile} ${reportedMs} ms (true: ${Math.round(truthMs)})`,
  );
  return {
    claim: `${situation}: autocannon 9, ${mode}, is ${right ? 'right' : 'wrong'}`,
    found: `${found.join(', ')}; ${values} values`,
    holds: compared.every((each) => agrees(each, 0)) === right,
  };
}
