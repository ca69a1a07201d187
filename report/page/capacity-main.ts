import { axisOf, type FoundCapacity } from '../../analysis/capacity/capacity.ts';
import type { LoadWindow } from '../../analysis/capacity/objective.ts';
import { capitalised } from '../../analysis/figures/route-phrase.ts';
import type { SweepReading, SweepSeries } from '../../analysis/sweep/sweep.ts';
import type { Transport } from '../../protocol/transport.ts';
import type { Run } from '../../results/schema/schema.ts';
import type { CapacityOutcome } from '../capacity/capacity-outcome.ts';
import {
  agreementText,
  capacityCells,
  capacityColumns,
  capacityHeading,
  capacityNotes,
  carriedHeading,
  conclusions,
  middle,
  objectiveText,
  readingCells,
  searchedText,
} from '../capacity/capacity-text.ts';
import { html, type Markup, scrollable } from '../markup/markup.ts';
import { named } from '../markup/swatch.ts';
import { originSection } from '../sections/origin.ts';
import { type DrawnPanel, sweepSvg } from '../sweep/sweep-svg.ts';

/** The page of a search: the answer, the knee as pictures, every load that was measured. */
export function capacityMain(outcome: CapacityOutcome, run: Run): Markup {
  const { plan, rows } = outcome;
  const all = rows.map(({ found }) => found);
  const agreement = agreementText(all);
  return html`<header class="masthead">
<div class="bar"><p class="overline">polling-vs-websocket</p><button type="button" id="theme">Theme</button></div>
<h1>${capacityHeading(outcome)}</h1>
<p class="lead">Searched for: ${searchedText(plan)}.</p>
${run.record.status !== 'completed' && html`<p class="notice caution" role="status">The run is ${run.record.status === 'running' ? 'still going on' : 'interrupted'}: what has been measured so far.</p>`}
</header>
<section id="capacity" aria-labelledby="capacity-title"><h2 id="capacity-title">${carriedHeading(outcome)}</h2>
${rows.length === 0 ? html`<p>No window has ended.</p>` : answerTable(outcome)}
<ul class="conclusions">${all.flatMap((found) => conclusions(found, plan)).map((text) => html`<li>${text}</li>\n`)}${agreement && html`<li>${agreement}</li>`}</ul>
<details><summary>How to read the table</summary><ul>${capacityNotes.map((note) => html`<li>${note}</li>\n`)}</ul></details>
</section>
${rows.length > 0 && kneeSection(outcome)}
${rows.length > 0 && everyLoad(outcome)}
${originSection({ run })}`;
}

function answerTable(outcome: CapacityOutcome): Markup {
  const { plan, rows } = outcome;
  return scrollable(
    carriedHeading(outcome),
    html`<table><caption>${capitalised(searchedText(plan))}</caption>
<thead><tr><th scope="col">Transport</th>${capacityColumns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
      ({ found, predicted }) =>
        html`<tr><th scope="row">${named(found.transport)}${plan.searches > 1 && ` ${found.search + 1}`}</th>${capacityCells(found, plan, predicted).map((cell) => html`<td>${cell}</td>`)}</tr>\n`,
    )}</tbody></table>`,
  );
}

/** Latency and CPU over the load: where the one bends, the other is full. */
function kneeSection(outcome: CapacityOutcome): Markup {
  const { plan } = outcome;
  const axis = axisOf(plan);
  return html`<section id="knee" aria-labelledby="knee-title"><h2 id="knee-title">The knee</h2>
<p class="how">Each dot is a window, each line goes through the medians at a load. The dashed line is the objective.</p>
<p class="legend">${transportsOf(outcome).map((transport) => html`${named(transport)} `)}</p>
<div class="panels">${panelsOf(outcome).map(
    (panel) => html`<figure><figcaption>${panel.title}</figcaption>${sweepSvg(panel, axis)}</figure>\n`,
  )}</div></section>`;
}

function transportsOf({ rows }: CapacityOutcome): readonly Transport[] {
  return [...new Set(rows.map(({ found }) => found.transport))];
}

function panelsOf(outcome: CapacityOutcome): readonly DrawnPanel[] {
  const { objective } = outcome.plan;
  return [
    {
      title: `Delivery latency, ${objectiveText(outcome.plan).replace(/ below.*/, '')}`,
      unit: 'ms',
      series: seriesOf(outcome, ({ latencyMs }) => latencyMs),
      limit: objective.limitMs,
    },
    {
      title: "Busy share of the server's core",
      unit: 'share',
      series: seriesOf(outcome, ({ serverShare }) => serverShare),
    },
    {
      title: 'Busy share of the busiest core of the load',
      unit: 'share',
      series: seriesOf(outcome, ({ loadShare }) => loadShare),
    },
  ];
}

function seriesOf(outcome: CapacityOutcome, of: (window: LoadWindow) => number | undefined): readonly SweepSeries[] {
  return transportsOf(outcome).flatMap((transport) => {
    const windows = new Map<number, number[]>();
    for (const { found } of outcome.rows.filter((row) => row.found.transport === transport)) {
      for (const { load, windows: measured } of found.readings) {
        windows.set(load, [...(windows.get(load) ?? []), ...measured.flatMap((window) => of(window) ?? [])]);
      }
    }
    const readings = [...windows]
      .sort(([a], [b]) => a - b)
      .flatMap(([at, repeats]): readonly SweepReading[] =>
        repeats.length === 0 ? [] : [{ at, measured: middle(repeats)!, repeats, predicted: undefined }],
      );
    return readings.length === 0 ? [] : [{ transport, readings }];
  });
}

function everyLoad({ plan, rows }: CapacityOutcome): Markup {
  const caption = 'Windows at each load';
  return html`<section id="loads" aria-labelledby="loads-title"><h2 id="loads-title">Every load</h2>
<details><summary>As a table</summary>${scrollable(
    caption,
    html`<table><caption>${caption}: medians</caption>
<thead><tr><th scope="col">Transport</th><th scope="col">Load</th><th scope="col">Good windows</th><th scope="col">Latency</th><th scope="col">Server core</th><th scope="col">Load core</th></tr></thead>
<tbody>${rows.flatMap(({ found }) => loadRows(found, plan))}</tbody></table>`,
  )}</details></section>`;
}

function loadRows({ transport, search, readings }: FoundCapacity, plan: CapacityOutcome['plan']): readonly Markup[] {
  return readings.map((reading) => {
    const { load, good, latency, server, loadSide } = readingCells(reading, plan);
    return html`<tr><th scope="row">${named(transport)}${plan.searches > 1 && ` ${search + 1}`}</th><td>${load}</td><td>${good}</td><td>${latency}</td><td>${server}</td><td>${loadSide}</td></tr>\n`;
  });
}
