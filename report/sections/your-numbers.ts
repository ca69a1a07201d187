import { capitalised } from '../../analysis/figures/route-phrase.ts';
import {
  fragmentOf,
  type NumberField,
  numberFields,
  numberKeys,
  type YourNumbers,
} from '../../analysis/model/prediction/your-numbers.ts';
import { html, type Markup } from '../markup/markup.ts';
import { predictionTable } from '../markup/prediction-table.ts';
import { commandOf, type NumbersData, predictedFor } from '../prediction/your-numbers.ts';

/** Fields for the reader's own load, and what each transport would cost and give for it. Without scripts: of the usual one. */
export function yourNumbersSection(data: NumbersData): Markup {
  return html`<section id="numbers" aria-labelledby="numbers-title">
<h2 id="numbers-title">Your numbers</h2>
<p class="how">What would your own load need? These are predictions, not measurements: latency, requests and bytes follow from
arrivals and protocols, cores and memory from a calibration. In brackets are intervals, for cores and memory of 95%.</p>
<form id="numbers-form" class="numbers" autocomplete="off">
${numberKeys.map((key) => field(key, numberFields[key], data.usual[key]))}<label>What may be missed<select name="semantics">${(
    ['every', 'latest'] as const
  ).map(
    (word) =>
      html`<option value="${word}"${word === data.usual.semantics && html` selected`}>${semanticsWords[word]}</option>`,
  )}</select></label>
</form>
<p id="numbers-fault" class="notice caution" aria-live="polite" hidden></p>
<div id="numbers-answer" aria-live="polite">${numbersAnswer(data, data.usual)}</div>
</section>`;
}

const semanticsWords = { every: 'nothing: every update counts', latest: 'what a newer update replaces' } as const;

function field(key: string, { title, unit, range, isWhole }: NumberField, value: number): Markup {
  return html`<label>${title}<span class="value"><input type="number" name="${key}" value="${value}" min="${range[0]}" max="${range[1]}" step="${isWhole ? 1 : 'any'}" required>${unit !== '' && html` ${unit}`}</span></label>\n`;
}

/** Everything below the form. The script makes it anew for other numbers. */
export function numbersAnswer(data: NumbersData, numbers: YourNumbers): Markup {
  const text = predictedFor(data, numbers);
  return html`<ul class="advice">${text.recommendations.map((sentence) => html`<li>${sentence}</li>\n`)}</ul>
${predictionTable(text.transports, text.groups, text.load)}
<p class="reading">${capitalised(text.assumed)}. ${text.calibration}</p>
${text.notes.length > 0 && html`<ul class="reservations">${text.notes.map((note) => html`<li>${note}</li>\n`)}</ul>`}
<p class="how">The same on the command line: <code>${commandOf(data, numbers)}</code>. <a href="${fragmentOf(numbers)}">This address</a>
keeps the numbers.</p>`;
}
