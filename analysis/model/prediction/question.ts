import type { Scenario } from '../../../scenarios/scenario.ts';
import type { Numbers } from '../traffic/message-bytes.ts';

/** A load, and what is asked of it. */
export type Question = {
  readonly scenario: Scenario;
  readonly rttMs: number;
  /** How long an update may stay unknown; absent: the scenario's poll interval stands. */
  readonly toleranceMs?: number;
  /** Nodes that share the clients; absent: as many as have room. */
  readonly nodes?: number;
  /** Workers of a proxy, each with a core; absent: as many as have room. */
  readonly proxyWorkers?: number;
  /** How fast the machine is, as in `PathCalibration`; absent: as it was when it was calibrated. */
  readonly taskCpuUs?: number;
  /** How far the stream has come, which decides how many digits its numbers have; absent: as after a day. */
  readonly progress?: Pick<Numbers, 'version' | 'instantUs'>;
  /** Bytes that headers and cookies add to each request beyond those of the calibration. */
  readonly extraBytes?: { readonly poll: number; readonly publish: number };
};
