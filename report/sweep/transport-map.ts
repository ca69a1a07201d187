import type { RunAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { formatNumber, formatParameter } from '../../analysis/figures/format.ts';
import { plannedLink } from '../../analysis/figures/planned-scenario.ts';
import { type MapMeasure, mapMeasures } from '../../analysis/model/map/transport-cost.ts';
import { type MapRegion, type TransportMap, transportMap } from '../../analysis/model/map/transport-map.ts';
import type { Question } from '../../analysis/model/prediction/question.ts';
import { isCovered } from '../../analysis/model/prediction/scenario-residuals.ts';
import { type MapPoint, mapPointsOf } from '../../analysis/sweep/map-points.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { html, type Markup } from '../markup/markup.ts';
import { named } from '../markup/swatch.ts';
import type { NumbersData } from '../prediction/your-numbers.ts';
import { mapSvg } from './map-svg.ts';

/** Which transport is the cheapest, by rate and tolerance, with what a sweep measured on it; `false` for other runs. */
export function transportMapSection(analysis: RunAnalysis, numbers: NumbersData | undefined): Markup | false {
  const { scenarios, run } = analysis;
  const planned = scenarios[Math.floor(scenarios.length / 2)]?.planned;
  // It takes seconds, and a page is written anew after each block.
  if (!numbers || !planned || !run.record.plan.shuffled || run.record.status === 'running') return false;
  const scenario = planned.scenario as Scenario;
  const link = plannedLink(planned, run.record);
  if (!isCovered({ ...(scenario.broadcast && { broadcast: scenario.broadcast }) }, link)) return false;
  const points = mapPointsOf(scenarios, run.record);
  const question: Question = { scenario, rttMs: link.rttMs };
  const map = transportMap(question, numbers.path, stepsFor(points, scenario));
  return section(map, { points, scenario, rttMs: link.rttMs, from: numbers.from });
}

/** Steps across and up. Where arrivals have no formula, each of them is played through. */
const finely = [33, 25] as const;
const coarsely = [13, 9] as const;

/** From a tenth of what was measured to ten times as much. */
function stepsFor(points: readonly MapPoint[], { arrivals }: Scenario) {
  const rates = points.map(({ perSecond }) => perSecond);
  const [across, up] = arrivals.kind === 'bursts' ? coarsely : finely;
  return {
    perSecond: { least: Math.min(...rates) / 10, most: Math.max(...rates) * 10, count: across },
    toleranceMs: { least: 100, most: 60_000, count: up },
  };
}

type Shown = {
  readonly points: readonly MapPoint[];
  readonly scenario: Scenario;
  readonly rttMs: number;
  readonly from: string;
};

const measureTitles: Readonly<Record<MapMeasure, string>> = {
  wire: 'Fewest bytes on the wire',
  cpu: 'Least CPU time of the servers',
};

function section(map: TransportMap, { points, scenario, rttMs, from }: Shown): Markup {
  const { clients, channels, payload } = scenario;
  return html`<section id="map" aria-labelledby="map-title"><h2 id="map-title">Which transport is the cheapest?</h2>
<p class="how">For ${formatNumber(clients)} clients in ${formatNumber(channels)} ${channels === 1 ? 'channel' : 'channels'}, ${formatParameter(payload.bytes, 'bytes')} of payload
and a round trip of ${formatParameter(rttMs, 'ms')}, by the model with the calibration ${from}. Across: how often something happens. Upward: how long an update
may stay unknown; short polling asks as rarely as that allows. Rings are loads that were measured, in the colour of what was
the cheapest.</p>
<div class="maps">${mapMeasures.map(
    (measure) => html`<figure><figcaption>${measureTitles[measure]}</figcaption>
<p class="how up">tolerated staleness ↑</p>${mapSvg(map, measure, points)}
<ul class="reasons">${map.regions[measure].map(reason)}</ul></figure>\n`,
  )}</div></section>`;
}

function reason({ transport, reason: why }: MapRegion): Markup {
  return html`<li>${named(transport)}<span>${why}</span></li>\n`;
}
