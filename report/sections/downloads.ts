import type { Downloads } from '../export/downloads.ts';
import { html, type Markup } from '../markup/markup.ts';

/** The download buttons. The page's script builds the files from embedded data, so no network is needed. */
export function downloadsSection({ whole }: Downloads): Markup {
  return html`<section id="data-files" aria-labelledby="data-title"><h2 id="data-title">The data</h2>
<p class="lead">${
    whole
      ? 'This page carries the whole run: its record and every trial with its histograms, and every figure of every trial.'
      : 'This run is too long to be carried whole: the page has its record and every figure of every trial. The full data, with the histograms, are in the directory of the run (run.json, trials.jsonl).'
  }</p>
<p class="files"><button type="button" data-file="json">Download JSON</button>
<button type="button" data-file="csv">Download CSV</button></p>
<p class="without">With scripts off: run.json and trials.jsonl in the directory of the run are the same data, and
<code>pvw report RUN --export-csv figures.csv</code> writes the figures.</p>
</section>`;
}
