import { costOf, type Fitted } from '../cost/cost.ts';
import type { Load } from '../cost/work.ts';

/** How the load that some nodes carry grows with their number, if channels, clients and updates grow together. */
export type Scaling = {
  /** σ: the share of a node's work that is the same on every node. */
  readonly contention: number;
  /** Times the load of one node. */
  readonly times: number;
};

/**
 * The Universal Scalability Law, N / (1 + σ(N − 1) + κN(N − 1)) (Gunther 2007, Guerrilla Capacity Planning, 4.4), from what
 * was calibrated. Each node takes in all updates (σ), and shares out the rest. κ is 0: nodes do not talk to each other.
 * A node that costs a + x(s + p/N) for x times the load reaches a budget B at x = (B − a)/(s + p/N), which is N(s + p)/(Ns + p)
 * times what one reaches; σ = s/(s + p).
 */
export function scalingOf(model: Fitted, work: Load, nodes: number): Scaling {
  const whole = costOf(model, work) - model.coefficients.fixed;
  const rest = costOf(model, { ...work, updatesPerSecond: 0 }) - model.coefficients.fixed;
  const contention = whole === 0 ? 0 : (whole - rest) / whole;
  return { contention, times: nodes / (1 + contention * (nodes - 1)) };
}
