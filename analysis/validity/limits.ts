import { fullCore } from '../../results/core-use.ts';
import { updatesBeyond } from '../figures/histogram.ts';
import { stallLimits } from '../figures/reportable.ts';

/** The thresholds of the warnings. Shares are of 1; `warning-rules.ts` gives the reason for each. */
export const limits = {
  utilization: 0.9,
  core: fullCore.server,
  instrumentCore: fullCore.instrument,
  lateness: 0.1,
  stalled: stallLimits,
  byteDifference: 0.001,
  retransmitted: 0.01,
  rate: 0.99,
  skippedPolls: 0.01,
  warmupMs: 5_000,
  warmupOperations: 10_000,
  updatesForP99: updatesBeyond * 100,
  meanOfPercentiles: 0.002,
  littlesLaw: 0.002,
  clock: 0.1,
  steal: 0.01,
  strangers: 0.1,
  throttledMs: 0,
  slowdown: 1.5,
  drift: 0.05,
  outlier: 0.1,
  unsteady: 0.1,
} as const;
