import type { RunAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { layerTitles, type WireLayer, wireLayers, wireLayersOf } from '../../analysis/figures/byte-layers.ts';
import { formatFigure } from '../../analysis/figures/figures.ts';
import { formatValue } from '../../analysis/figures/format.ts';
import { titleOf } from '../../analysis/figures/planned-scenario.ts';
import { capitalised, routePhrase } from '../../analysis/figures/route-phrase.ts';
import { pathText } from '../../analysis/paths/path-text.ts';
import { type PathCell, type PathLine, type PathTable, pathTables, staysOnHttp1 } from '../../analysis/paths/paths.ts';
import { transportTitles } from '../../protocol/transport.ts';
import { html, type Markup, scrollable } from '../markup/markup.ts';
import { place } from '../markup/scale.ts';
import { named } from '../markup/swatch.ts';
import { cellText, ratioNote } from '../sentences/path-cells.ts';
import { type MeasuredPaths, measuresOf, rowTitle } from '../sentences/path-measures.ts';

/** The paths of each scenario side by side: whether they change the answer, and by how much each costs. */
export function pathsSection(analysis: RunAnalysis): Markup | false {
  const tables = pathTables(analysis);
  if (tables.length === 0) return false;
  return html`<section id="paths" aria-labelledby="paths-title">
<h2 id="paths-title">Does the path change the answer?</h2>
${tables.map((table, index) => scenarioPaths(table, index, tables.length > 1))}
</section>`;
}

function scenarioPaths(table: PathTable, index: number, isOneOfSeveral: boolean): Markup {
  const { headline, details } = pathText(table);
  return html`${isOneOfSeveral && html`<h3 class="of-scenario">${titleOf(table.planned)}</h3>`}
<p class="lead"><strong>${headline}</strong></p>
${details.length > 0 && html`<ul class="path-details">${details.map((detail) => html`<li>${detail}</li>\n`)}</ul>`}
${bytesFigure(table, index)}
<div class="path-tables">${measuresOf(table).map((measure) => measureTable(measure, table))}</div>
<p class="reading">${ratioNote(table)} Medians of the valid repeats.</p>`;
}

/** Describes a path beside its name. Empty for a direct path and where the name says it all. */
function pathNote({ route, record }: PathLine): string {
  if (!record) return 'nothing in between';
  const phrase = routePhrase(record);
  return phrase === route ? 'permessage-deflate, gzip' : phrase;
}

/** Names the layers that the byte sums cover: the same ones in each cell, so that the cells compare. */
function layerNote(table: PathTable): string {
  return `In small: ${socketLayers(table)
    .map((layer) => layerTitles[layer])
    .join(' + ')}.`;
}

function socketLayers(table: PathTable): readonly WireLayer[] {
  return usedLayers(table).filter((layer) => layer !== 'packets');
}

function partsOf({ row }: PathCell, table: PathTable): readonly number[] {
  const found = wireLayersOf(row.medians);
  return socketLayers(table).map((layer) => found[layer] ?? 0);
}

function usedLayers(table: PathTable): readonly WireLayer[] {
  const bars = table.lines.flatMap(({ cells }) => cells.map((cell) => layersOf(cell)));
  return wireLayers.filter((layer) => bars.some((layers) => layers.some((each) => each.layer === layer)));
}

/** Small multiples: a block for each path, a bar for each transport, one scale for all. */
function bytesFigure(table: PathTable, index: number): Markup | false {
  const measured = table.lines.filter(({ cells }) => cells.some(({ row }) => totalOf(row) !== undefined));
  if (measured.length === 0) return false;
  const bars = measured.flatMap(({ cells }) => cells.map((cell) => layersOf(cell)));
  const most = Math.max(1, ...bars.map((layers) => sum(layers.map(({ bytes }) => bytes))));
  return html`<figure class="path-bytes" aria-labelledby="path-bytes-${index}"><figcaption>
<h3 id="path-bytes-${index}">Bytes per client and minute on each path</h3>
<p class="how">A block for each path, a bar for each transport, all to one scale and with all layers that were counted. Where the
longest bar is another one, or the order within a block changes, the path matters.</p>
<p class="how why">What travels with every request, headers and cookies, weighs on those who ask: HTTP/2 sends most of it
once only. TLS adds a few bytes to each write, compression takes from updates and not from questions.</p>
<ul class="layers">${usedLayers(table).map(
    (layer) => html`<li><span class="patch ${layer}" aria-hidden="true"></span>${layerTitles[layer]}</li>\n`,
  )}</ul></figcaption>
<div class="path-blocks">${measured.map((line) => pathBlock(line, most))}</div>
</figure>`;
}

function pathBlock(line: PathLine, most: number): Markup {
  const { route, cells } = line;
  const staying = cells.some((cell) => staysOnHttp1(cell, line)) && '; WebSocket on HTTP/1.1 over TLS';
  return html`<div><h4>${route}</h4><p class="how">${pathNote(line)}${staying}</p><ul>${cells.map(
    (cell) =>
      html`<li>${named(cell.row.transport)}${bar(cell, most)}<span class="sum">${totalText(cell)}</span></li>\n`,
  )}</ul></div>\n`;
}

/** Stretched to the available width: the longest bar of all blocks is 100 units long. */
function bar(cell: PathCell, most: number): Markup {
  const layers = layersOf(cell);
  const starts = layers.map((_, index) => sum(layers.slice(0, index).map(({ bytes }) => bytes)));
  return html`<svg class="strip ${cell.row.transport}" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">${layers.map(
    ({ layer, bytes }, index) =>
      html`<rect class="${layer}" x="${place((starts[index]! / most) * 100)}" y="0" width="${place((bytes / most) * 100)}" height="10"/>`,
  )}</svg>`;
}

type LayerBytes = { readonly layer: WireLayer; readonly bytes: number };

function layersOf({ row }: PathCell): readonly LayerBytes[] {
  const found = wireLayersOf(row.medians);
  return wireLayers.flatMap((layer) => {
    const bytes = found[layer];
    return bytes === undefined || bytes <= 0 ? [] : [{ layer, bytes }];
  });
}

function totalOf({ medians }: PathCell['row']): number | undefined {
  return medians['bytes.wire'] ?? medians['bytes.total'];
}

function totalText({ row }: PathCell): string {
  return formatFigure('bytes.total', totalOf(row));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Contents of the figures of a table, where their names do not tell them. */
function howNote({ question, note }: MeasuredPaths, table: PathTable): Markup | false {
  const text = question === 'bytes' ? layerNote(table) : note && `${capitalised(note)}.`;
  return text !== undefined && html`<p class="how">${text}</p>`;
}

function measureTable(measure: MeasuredPaths, table: PathTable): Markup {
  const { title, lines } = measure;
  const label = `${title}, by path, ${titleOf(table.planned)}`;
  return html`<div><h3>${title}</h3>${howNote(measure, table)}${scrollable(
    label,
    html`<table class="by-path"><caption class="unseen">${label}</caption>
<thead><tr><th scope="col">Path</th>${table.lines[0]!.cells.map(({ row }) => html`<th scope="col">${named(row.transport)}</th>`)}</tr></thead>
<tbody>${lines.map(
      (
        line,
      ) => html`<tr><th scope="row"><strong>${rowTitle(line, measure)}</strong><small>${pathNote(line)}</small></th>
${line.cells.map((cell) => valueCell(cell, line, measure, table))}</tr>\n`,
    )}</tbody></table>`,
  )}</div>\n`;
}

function valueCell(cell: PathCell, line: PathLine, measure: MeasuredPaths, table: PathTable): Markup {
  const { value, ratio, finding, notes } = cellText(cell, line, measure);
  const parts = measure.question === 'bytes' && cell.row.valid.length > 0 ? partsOf(cell, table) : [];
  return html`<td data-transport="${transportTitles[cell.row.transport]}">${value}${ratio && html`<small class="${finding}">${keepRatio(ratio)}</small>`}${
    parts.length > 0 &&
    html`<small>${parts.map(
      (bytes, place) => html`${place > 0 && ' + '}<span>${formatValue(bytes, 'bytes')}</span>`,
    )}</small>`
  }${notes.map((note) => html`<small class="note">${note}</small>`)}</td>`;
}

/** A line never breaks within a ratio. */
function keepRatio(text: string): readonly Markup[] {
  return text.split(/(?=×)/).map((part) => (part.startsWith('×') ? html`<span>${part}</span>` : html`${part}`));
}
