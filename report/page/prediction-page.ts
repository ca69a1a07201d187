import { html } from '../markup/markup.ts';
import type { NumbersData } from '../prediction/your-numbers.ts';
import { yourNumbersSection } from '../sections/your-numbers.ts';
import { wholePage } from './shell.ts';

/** A prediction as one page whose fields can be changed. Its first numbers show without scripts. */
export function renderPredictionPage(data: NumbersData): Promise<string> {
  const title = data.base?.scenario.title ?? 'Your load';
  return wholePage({
    title: `${title}: predicted by polling-vs-websocket`,
    main: html`<header class="masthead">
<div class="bar"><p class="overline">polling-vs-websocket</p><button type="button" id="theme">Theme</button></div>
<h1>${title}: what would it cost, and what would it buy?</h1>
</header>
${yourNumbersSection(data)}`,
    data: { 'numbers-data': data },
  });
}
