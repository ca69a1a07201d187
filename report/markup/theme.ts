import type { Transport } from '../../protocol/transport.ts';

export type ThemeName = 'light' | 'dark';

/** The look of each transport, shared by every chart and table. Warm colours: the client asks. Cool colours: the server pushes. */
export type TransportStyle = {
  readonly color: Readonly<Record<ThemeName, string>>;
  /** Lengths of line and gap in pixels; none is a solid line. Tells lines apart without colour. */
  readonly dash: readonly number[];
};

/** Apart from each other in all kinds of colour blindness, and from the ground: `theme.test.ts` holds both. */
export const transportStyles: Readonly<Record<Transport, TransportStyle>> = {
  'short-polling': { color: { light: '#a83400', dark: '#ee5f35' }, dash: [2, 3] },
  'long-polling': { color: { light: '#c28400', dark: '#fbcf62' }, dash: [8, 3, 2, 3] },
  sse: { color: { light: '#1695ab', dark: '#59d6e4' }, dash: [7, 4] },
  websocket: { color: { light: '#1f42a8', dark: '#5585f7' }, dash: [] },
};

/** Everything else that has a colour, by what it is for. Names become CSS custom properties. */
export const surfaces = {
  light: {
    ground: '#ffffff',
    raised: '#f6f7f9',
    ink: '#14181d',
    muted: '#545d68',
    rule: '#d9dee4',
    grid: '#e9ecf0',
    invalid: '#a31621',
    'invalid-ground': '#fdeeee',
    caution: '#7a5200',
    'caution-ground': '#fff6e0',
    focus: '#1f42a8',
  },
  dark: {
    ground: '#12161b',
    raised: '#1a2027',
    ink: '#e9edf1',
    muted: '#a3adb9',
    rule: '#323b46',
    grid: '#262e37',
    invalid: '#ff9d9d',
    'invalid-ground': '#35191c',
    caution: '#f2c76a',
    'caution-ground': '#2e2614',
    focus: '#8fb0ff',
  },
} as const satisfies Readonly<Record<ThemeName, Readonly<Record<string, string>>>>;

export type Surface = keyof (typeof surfaces)['light'];

/** The custom properties of both themes: the system's choice, unless `data-theme` on the root says otherwise. */
export function themeCss(): string {
  const light = declarations('light');
  const dark = declarations('dark');
  return [
    `:root{color-scheme:light;${light}}`,
    `@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${dark}}}`,
    `@media screen{:root[data-theme=dark]{color-scheme:dark;${dark}}}`,
    ...(Object.keys(transportStyles) as Transport[]).map(
      (transport) => `.${transport}{--transport:var(--${transport})}`,
    ),
  ].join('\n');
}

function declarations(theme: ThemeName): string {
  const colors = [
    ...Object.entries(surfaces[theme]),
    ...Object.entries(transportStyles).map(([transport, { color }]) => [transport, color[theme]] as const),
  ];
  return colors.map(([name, color]) => `--${name}:${color}`).join(';');
}
