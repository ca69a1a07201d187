import { embeddedJson, html, trusted } from '../markup/markup.ts';
import type { NumbersData } from '../prediction/your-numbers.ts';
import { yourNumbersSection } from '../sections/your-numbers.ts';
import { browserScript } from './bundle.ts';
import { policy, styles } from './shell.ts';

/** A prediction as one page whose fields can be changed. It works without a network, and its first numbers without scripts. */
export async function renderPredictionPage(data: NumbersData): Promise<string> {
  const script = await browserScript();
  const css = styles();
  const title = data.base?.scenario.title ?? 'Your load';
  return `<!doctype html>\n${
    html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script, css)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}: predicted by polling-vs-websocket</title>
<style>${trusted(css)}</style>
</head>
<body>
<main>
<header class="masthead">
<div class="bar"><p class="overline">polling-vs-websocket</p><button type="button" id="theme">Theme</button></div>
<h1>${title}: what would it cost, and what would it buy?</h1>
</header>
${yourNumbersSection(data)}
</main>
<script type="application/json" id="numbers-data">${embeddedJson(data)}</script>
<script>${trusted(script)}</script>
</body>
</html>`.text
  }\n`;
}
