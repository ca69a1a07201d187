import type { Gap } from '../../analysis/verdict/gap.ts';
import { html, type Markup } from '../markup/markup.ts';

/** The command that would measure what is missing. */
export function gapNote({ command }: Pick<Gap, 'command'>): Markup {
  return html`<span class="adds">To measure it: <code>${command}</code></span>`;
}
