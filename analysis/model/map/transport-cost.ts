import { type Transport, transports } from '../../../protocol/transport.ts';
import type { CostModel, PathCalibration } from '../../../results/schema/calibration-schema.ts';
import { type CostTerm, costTerms } from '../../../results/schema/cost-terms.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { type WireLayer, wireLayers } from '../../figures/byte-layers.ts';
import { amountsOf, type Load, shareOf } from '../cost/work.ts';
import { overloadOf } from '../prediction/overload.ts';
import type { Question } from '../prediction/question.ts';
import { type Case, type Serving, servingOf, withChosenInterval } from '../prediction/serving.ts';

/** What a map can be coloured by: bytes on the wire, or CPU time of all that serves. */
export const mapMeasures = ['wire', 'cpu'] as const;

export type MapMeasure = (typeof mapMeasures)[number];

/** What a transport costs that keeps to a tolerance, and what that is made of. */
export type TransportCost = {
  readonly transport: Transport;
  /** Bytes a second of all clients, both ways. */
  readonly wire: number;
  readonly layers: Readonly<Record<WireLayer, number>>;
  /** Milliseconds of CPU time in a second. */
  readonly cpu: number;
  readonly terms: Readonly<Record<CostTerm, number>>;
  readonly serving: Serving;
  /** The poll interval of short polling is the longest that the tolerance allows. */
  readonly scenario: Scenario;
};

/** The transports that carry the load and keep to its tolerance, by the costs that are expected. */
export function costsWithin(question: Question, path: PathCalibration): readonly TransportCost[] {
  return transports.flatMap((transport) => {
    const calibration = path.transports[transport];
    return calibration ? (costWithin(withChosenInterval({ transport, question, path, calibration })) ?? []) : [];
  });
}

function costWithin(asked: Case): TransportCost | undefined {
  const { transport, question, calibration } = asked;
  const { toleranceMs = Number.POSITIVE_INFINITY, scenario } = question;
  const serving = servingOf(asked);
  const { expected, traffic, work, size } = serving;
  if (overloadOf(serving, asked) || expected.staleness.quantileMs(1) > toleranceMs) return undefined;
  const layers = Object.fromEntries(
    wireLayers.map((layer) => [layer, (traffic.down[layer] + traffic.up[layer]) * scenario.clients]),
  ) as Record<WireLayer, number>;
  const terms = added(
    termsOf(calibration.server, shareOf(work, size.nodes), size.nodes),
    calibration.proxy && termsOf(calibration.proxy, work, 1),
  );
  return {
    transport,
    wire: sumOf(layers),
    layers,
    cpu: sumOf(terms),
    terms,
    serving,
    scenario,
  };
}

type Terms = Readonly<Record<CostTerm, number>>;

/** What each term of the cost comes to, of so many processes. */
function termsOf({ coefficients, ...shape }: CostModel, work: Load, processes: number): Terms {
  const amounts = amountsOf(work, shape);
  return Object.fromEntries(
    costTerms.map((term, place) => [term, coefficients[term] * amounts[place]! * processes]),
  ) as Terms;
}

function added(a: Terms, b: Terms | undefined): Terms {
  return Object.fromEntries(costTerms.map((term) => [term, a[term] + (b?.[term] ?? 0)])) as Terms;
}

function sumOf(parts: Readonly<Record<string, number>>): number {
  return Object.values(parts).reduce((sum, part) => sum + part, 0);
}
