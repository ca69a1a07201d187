import { html, type Markup } from './markup.ts';

/** A wide table scrolls in a region of its own, by keyboard too; the page never scrolls sideways. */
export function scrollable(label: string, table: Markup): Markup {
  return html`<div class="scrollable" role="region" tabindex="0" aria-label="${label}">${table}</div>`;
}
