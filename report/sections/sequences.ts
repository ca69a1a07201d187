import type { ScenarioAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { askedEveryMs, type Sequence, sequencesOf } from '../../analysis/events/sequence.ts';
import { formatParameter } from '../../analysis/figures/format.ts';
import type { Transport } from '../../protocol/transport.ts';
import { html, type Markup } from '../markup/markup.ts';
import { named } from '../markup/swatch.ts';
import { sequenceSvg } from '../pictures/sequence-svg.ts';

/** What to look for in each picture; true whatever was measured. */
const captions: Readonly<Record<Transport, string>> = {
  'short-polling': 'The client asks in its rhythm. What happens in between waits for the next question.',
  'long-polling': 'The server holds the question until there is something to say; then the client must ask again.',
  sse: 'Asked once, the server tells whatever happens as it happens.',
  websocket: 'Nobody asks: either side sends when it has something to say.',
};

/** What one client and the server said to each other, as it was measured, transport beside transport. */
export function sequencesFigure(scenario: ScenarioAnalysis, id: string): Markup | false {
  const sequences = sequencesOf(scenario);
  if (sequences.length === 0) return false;
  return html`<figure class="sequences" aria-labelledby="${id}-sequences"><figcaption>
<h3 id="${id}-sequences">What client and server said to each other</h3>
<p class="how">One client’s exchange as both sides recorded it, to scale, with the same changes in each picture: time
runs down, a line that slopes is a message on its way, a dot is a change when it was meant to happen. Along the client the
thick band is the time in which it did not know; along the server, the time in which a request was held.</p>
<p class="how why">Over plain HTTP only the client can begin, so what it does not know yet has to wait for its next question, or
its question has to wait at the server; on an open stream the server begins.</p>
<ul class="layers">
<li><svg class="sign" viewBox="0 0 28 10" aria-hidden="true"><path class="ask" d="M0,5 H28"/></svg>a question</li>
<li><svg class="sign" viewBox="0 0 28 10" aria-hidden="true"><path class="nothing" d="M0,5 H28"/></svg>an answer without news</li>
<li><svg class="sign" viewBox="0 0 28 10" aria-hidden="true"><path class="news" d="M0,5 H28"/></svg>news</li>
</ul></figcaption>
<div class="side-by-side">${sequences.map((sequence) => panel(sequence, scenario))}</div></figure>`;
}

function panel(sequence: Sequence, { planned }: ScenarioAnalysis): Markup {
  const every = formatParameter(askedEveryMs(planned.scenario), 'ms');
  const asks = sequence.transport === 'short-polling' ? ` It asks every ${every}.` : '';
  return html`<div><h4>${named(sequence.transport)}</h4><p class="how">${captions[sequence.transport]}${asks}</p>
${sequenceSvg(sequence)}
<p class="how">${counts(sequence)}</p></div>\n`;
}

function counts({ messages, updates, fromMs, toMs }: Sequence): string {
  const down = messages.filter(({ direction }) => direction === 'down');
  const news = down.filter(({ version }) => version !== null).length;
  const asked = messages.length - down.length;
  const parts = [
    `${updates.length} changes in ${formatParameter(Math.round(toMs - fromMs), 'ms')}`,
    ...(asked > 0 ? [`${asked} questions`, `${down.length - news} answers without news`] : []),
    `${news} with news`,
  ];
  return `${parts.join(', ')}.`;
}
