import { plainText } from '../../text/plain-text.ts';

/** Text that is already HTML. Only `html` creates it; all other values are escaped. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | false | undefined | readonly Part[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template in which every value is text, safe between tags and in quoted attributes, unless it is `Markup`. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(String.raw({ raw: strings }, ...parts.map(render)));
}

/** A trusted piece from this program: the script, the style sheet. Never text from a run. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function render(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(render).join('');
  return plainText(String(part)).replace(/[&<>"']/g, (character) => entities[character]!);
}

/** JSON that cannot end the script element it stands in, nor start a comment in it, nor reorder what is read around it. */
export function embeddedJson(value: unknown): Markup {
  const text = JSON.stringify(value).replace(
    /[<>&\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    },
  );
  return new Markup(text);
}

/** A wide table scrolls in a region of its own, by keyboard too; the page never scrolls sideways. */
export function scrollable(label: string, table: Markup): Markup {
  return html`<div class="scrollable" role="region" tabindex="0" aria-label="${label}">${table}</div>`;
}

/** The id of a scenario's section. By number: names come from a file and may be anything. */
export function anchorOf(index: number): string {
  return `scenario-${index + 1}`;
}
