import type { ScenarioAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { askedEveryMs, type Sequence, sequencesOf } from '../../analysis/events/sequence.ts';
import { transports } from '../../protocol/transport.ts';
import { html, type Markup } from '../markup/markup.ts';
import { named } from '../markup/swatch.ts';
import { type ArrowKind, columns, marksOf } from '../pictures/sequence-marks.ts';
import { headLengths, headPath, sequenceSvg } from '../pictures/sequence-svg.ts';
import { readingText, sequenceCaption, sequenceText, unrecordedText } from '../sentences/sequence-text.ts';

/** Measured exchanges between one client and the server, transports side by side. False if there are none. */
export function sequencesFigure(scenario: ScenarioAnalysis, id: string): Markup | false {
  const sequences = sequencesOf(scenario);
  if (sequences.length === 0) return false;
  return html`<figure class="sequences" aria-labelledby="${id}-sequences"><figcaption>
<h3 id="${id}-sequences">What client and server said to each other</h3>
<p class="how">${readingText(sequences)} ${unrecordedText(sequences, scenario.planned.scenario)}</p>
<p class="how why">Over plain HTTP only the client can begin, so what it does not know yet has to wait for its next question, or
its question has to wait at the server; on an open stream the server begins.</p>
${legend(sequences)}</figcaption>
<div class="side-by-side">${sequences.map((sequence) => panel(sequence, scenario))}</div></figure>`;
}

function panel(sequence: Sequence, { planned }: ScenarioAnalysis): Markup {
  return html`<div><h4>${named(sequence.transport)}</h4><p class="how">${sequenceCaption(sequence, askedEveryMs(planned.scenario))}</p>
${sequenceSvg(sequence)}
<p class="how">${sequenceText(sequence)}</p></div>\n`;
}

type Sign = { readonly text: string; readonly sign: Markup };

const arrowTexts: Readonly<Record<ArrowKind, string>> = {
  ask: 'a question',
  nothing: 'an answer without news',
  news: 'news',
  publish: 'a change that this client publishes',
  input: 'an input',
  acknowledgement: 'an acknowledgement',
  other: 'a change that another client publishes',
};

/** Only what is in the pictures. */
function legend(sequences: readonly Sequence[]): Markup {
  const marks = sequences.map(marksOf);
  const arrows = marks.flatMap((each) => each.arrows);
  const dots = marks.flatMap((each) => each.dots);
  const when = (is: boolean, sign: Sign) => (is ? [sign] : []);
  const kinds = (Object.keys(arrowTexts) as ArrowKind[]).filter((kind) => arrows.some((arrow) => arrow.kind === kind));
  const signs = [
    ...kinds.map((kind) => ({ text: arrowTexts[kind], sign: arrowSign(kind) })),
    ...when(dots.length > 0, { text: 'a change', sign: dotSign(10) }),
    ...when(
      dots.some(({ x }) => x > columns.server),
      { text: 'changes too close to draw one below the other', sign: html`${dotSign(8)}${dotSign(17)}` },
    ),
    ...when(
      dots.some(({ count }) => count > 1),
      { text: 'that many changes, too close to draw each', sign: barSign },
    ),
    ...when(
      arrows.some(({ ends }) => ends === 'unseen'),
      { text: 'not seen to arrive', sign: unseenSign },
    ),
  ];
  return html`<ul class="layers">${signs.map(
    ({ text, sign }) =>
      html`<li><svg class="sign" viewBox="0 0 28 10" aria-hidden="true">${sign}</svg>${text}</li>
`,
  )}</ul>`;
}

/** News has the colour of its transport, so its sign has all of them. */
function arrowSign(kind: ArrowKind): Markup {
  const pieces = kind === 'news' ? transports : [undefined];
  const step = 24 / pieces.length;
  return html`${pieces.map(
    (transport, place) => html`<path class="${kind} ${transport}" d="M${place * step},5 h${step}"/>`,
  )}<path class="head ${kind} ${pieces.at(-1)}" d="${headPath({ x: 0, y: 5 }, { x: 28, y: 5 }, headLengths[kind])}"/>`;
}

function dotSign(x: number): Markup {
  return html`<circle class="change" cx="${x}" cy="5" r="4"/>`;
}

const barSign = html`<rect class="change" x="2" y="1" width="8" height="8" rx="4"/><text class="many" x="13" y="9">12</text>`;
const unseenSign = html`<path class="nothing" d="M4,5 H20"/><path class="cross" d="M17,2 l6,6 m0,-6 l-6,6"/>`;
