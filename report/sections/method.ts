import type { RunAnalysis } from '../../analysis/run-analysis.ts';
import { html, type Markup } from '../markup.ts';

/** How it was measured, as briefly as honesty allows. */
export function methodSection({ run }: RunAnalysis): Markup {
  const caveats = [...new Set(run.trials.flatMap(({ path }) => path.caveats))];
  return html`<section id="method" aria-labelledby="method-title"><h2 id="method-title">Method in brief</h2>
<div class="columns">
<ul>
<li>The same seeded updates, the same bytes and the same clients for every transport; fresh processes for every trial;
transports in random order within each block.</li>
<li>Delivery latency runs from the instant at which the schedule wanted the update to its receipt. Whatever comes late,
also the instrument, makes it larger; no sample is left out.</li>
<li>Bytes are those at the sockets: encoded updates, and everything else as framing and headers. In an
isolated network TCP, IP and Ethernet are counted too, as figures of their own. Polls after the window are left out.</li>
<li>Server CPU is all that the server's process used in the window, divided by the updates that were published.</li>
<li>A trial counts only if its ledger balances: expected = received + replaced by newer, published = accepted, nothing
lost, twice or out of order.</li>
<li>The repeat is the unit of the statistics: Student's t on the logarithms of ratios, paired by block. Verdicts need
three repeats.</li>
</ul>
${
  caveats.length > 0 &&
  html`<div><h3>What lies between client and server, and what it cannot show</h3>
<ul>${caveats.map((caveat) => html`<li>${caveat}</li>\n`)}</ul></div>`
}
</div></section>`;
}
