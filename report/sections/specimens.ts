import type { ScenarioAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { formatNumber } from '../../analysis/figures/format.ts';
import { titleOf } from '../../analysis/figures/planned-scenario.ts';
import type { SpecimenRecord } from '../../results/schema/schema.ts';
import { html, type Markup } from '../markup/markup.ts';
import { named } from '../markup/swatch.ts';
import { wireLines } from '../sentences/wire-text.ts';

type Passage = SpecimenRecord[number];
type Piece = Passage['pieces'][number];

const layerNames: Readonly<Record<Piece['layer'], string>> = {
  update: 'the update',
  framing: 'framing around it',
  headers: 'HTTP headers',
};

/** The literal bytes of one client's first exchange over each transport, coloured by layer. */
export function specimensFigure({ transports, planned }: ScenarioAnalysis): Markup | false {
  const captured = transports.flatMap(({ transport, valid }) => {
    const specimen = valid.map(({ trial }) => trial.specimen).find((each) => each !== null);
    return specimen ? [{ transport, specimen }] : [];
  });
  if (captured.length === 0) return false;
  return html`<details class="specimens" data-folded open><summary>The bytes themselves, ${titleOf(planned)}</summary>
<p class="how">What one more client and the server sent each other after the trial, byte for byte, from the first one on: the
question or handshake and the newest state, and where the client asks, its next question.</p>
<ul class="layers">${(Object.keys(layerNames) as Piece['layer'][]).map(
    (layer) => html`<li><span class="${layer}">${layerNames[layer]}</span></li>\n`,
  )}</ul>
<div class="captured">${captured.map(
    ({ transport, specimen }) => html`<div><h4>${named(transport)}</h4>${specimen.map(passageBlock)}</div>\n`,
  )}</div></details>`;
}

function passageBlock({ direction, pieces }: Passage): Markup {
  return html`<p class="direction">${direction === 'up' ? 'client → server' : 'server → client'}: ${sums(pieces)}</p>
<pre class="wire">${pieces.map(({ layer, base64, length }) => {
    const bytes = Buffer.from(base64, 'base64');
    const rest = length - bytes.length;
    return html`<span class="${layer}">${wireLines(bytes).map((line) => html`${line}${line.endsWith('\\n') && html`<br>`}`)}</span>${rest > 0 && html`<span class="muted"> … ${formatNumber(rest)} bytes more</span>`}`;
  })}</pre>`;
}

function sums(pieces: readonly Piece[]): string {
  const total = pieces.reduce((sum, { length }) => sum + length, 0);
  const parts = (Object.keys(layerNames) as Piece['layer'][]).flatMap((layer) => {
    const bytes = pieces.reduce((sum, piece) => (piece.layer === layer ? sum + piece.length : sum), 0);
    return bytes > 0 ? [`${formatNumber(bytes)} ${layer}`] : [];
  });
  return `${formatNumber(total)} bytes (${parts.join(', ')})`;
}
