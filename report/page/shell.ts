import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { embeddedJson, html, type Markup, trusted } from '../markup/markup.ts';
import { themeCss } from '../markup/theme.ts';
import { browserScript } from './bundle.ts';

const styleSheets = ['page.css', 'verdict.css', 'paths.css', 'numbers.css', 'sweep.css', 'capacity.css'];

export type PageParts = {
  readonly title: string;
  readonly main: Markup;
  /** What its script reads, by the id of the element. */
  readonly data: Readonly<Record<string, unknown>>;
};

/** A page as one file. It works without a network, and its tables and static pictures without scripts. */
export async function wholePage({ title, main, data }: PageParts): Promise<string> {
  const script = await browserScript();
  const css = styles();
  return `<!doctype html>\n${
    html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script, css)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${trusted(css)}</style>
</head>
<body>
<main>
${main}
</main>
${Object.entries(data).map(([id, value]) => html`<script type="application/json" id="${id}">${embeddedJson(value)}</script>\n`)}<script>${trusted(script)}</script>
</body>
</html>`.text
  }\n`;
}

/** The style sheet of every page. */
function styles(): string {
  return [themeCss(), ...styleSheets.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))].join('\n');
}

/** A content security policy that allows only this page's script and style sheet, and no requests. */
function policy(script: string, css: string): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(css)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
