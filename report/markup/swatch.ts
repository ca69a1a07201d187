import { type Transport, transportTitles } from '../../protocol/transport.ts';
import { html, type Markup } from './markup.ts';
import { transportStyles } from './theme.ts';

/** A short line in the transport's colour and dash. */
export function swatch(transport: Transport): Markup {
  const dash = transportStyles[transport].dash.join(' ');
  return html`<svg class="swatch ${transport}" viewBox="0 0 28 10" width="28" height="10" aria-hidden="true"><line
    x1="0" y1="5" x2="28" y2="5" stroke="currentColor" stroke-width="3" stroke-dasharray="${dash || 'none'}"/></svg>`;
}

/** Swatch and name, kept on one line. */
export function named(transport: Transport): Markup {
  return html`<span class="named">${swatch(transport)}${transportTitles[transport]}</span>`;
}
