import { plainText } from '../../text/plain-text.ts';

/** Text that is already HTML. Only this file makes it, so all other text is escaped. */
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

/** A template that escapes every value except `Markup`; safe between tags and in quoted attributes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(String.raw({ raw: strings }, ...parts.map(render)));
}

/** Inserts text without escaping. Only for text of this program, such as the script; never for text from a run. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function render(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(render).join('');
  return plainText(String(part)).replace(/[&<>"']/g, (character) => entities[character]!);
}

/** JSON for a script element. It cannot close the element, start a comment, or reorder the text around it. */
export function embeddedJson(value: unknown): Markup {
  const text = JSON.stringify(value).replace(
    /[<>&\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    },
  );
  return new Markup(text);
}

/** A region in which a wide table scrolls sideways, also by keyboard, so that the page does not. */
export function scrollable(label: string, table: Markup): Markup {
  return html`<div class="scrollable" role="region" tabindex="0" aria-label="${label}">${table}</div>`;
}

/** The id of a scenario's section. It is a number, because names come from a file and can contain anything. */
export function anchorOf(index: number): string {
  return `scenario-${index + 1}`;
}
