import type { Transport } from '../../protocol/transport.ts';
import type { Point } from '../../scenarios/point.ts';
import type { Scenario } from '../../scenarios/scenario.ts';

/** What a synthetic trial measures. */
export type Spot = {
  readonly scenario: Scenario;
  readonly point: Point;
  readonly transport: Transport;
  readonly rttMs: number;
  readonly seconds: number;
};
