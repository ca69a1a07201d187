import assert from 'node:assert/strict';
import { test } from 'node:test';
import { surfaces, type ThemeName, themeCss, transportStyles } from './theme.ts';

type Rgb = readonly [number, number, number];

const themes: readonly ThemeName[] = ['light', 'dark'];
const styles = Object.entries(transportStyles);

/** Linear light, as sRGB defines it (IEC 61966-2-1). */
function linear(hex: string): Rgb {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** Contrast as WCAG 2.2 defines it. */
function contrast(one: string, other: string): number {
  const luminance = (hex: string) => {
    const [r, g, b] = linear(hex);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Matrices for complete colour blindness in linear light, by Machado, Oliveira and Fernandes (2009). */
const eyes: Readonly<Record<string, readonly Rgb[]>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function seen(hex: string, eye: readonly Rgb[]): Rgb {
  const color = linear(hex);
  const row = (weights: Rgb) =>
    Math.min(1, Math.max(0, weights[0] * color[0] + weights[1] * color[1] + weights[2] * color[2]));
  return [row(eye[0]!), row(eye[1]!), row(eye[2]!)];
}

/** Oklab, https://bottosson.github.io/posts/oklab/. */
function oklab([r, g, b]: Rgb): Rgb {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function distance(one: Rgb, other: Rgb): number {
  const [a, b] = [oklab(one), oklab(other)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

test('lines and text have enough contrast with the background', () => {
  for (const theme of themes) {
    const { ground, raised, ink, muted, invalid, caution, ...rest } = surfaces[theme];
    for (const [name, { color }] of styles) assert.ok(contrast(color[theme], ground) >= 3, `${theme} ${name}`);
    for (const text of [ink, muted, invalid, caution]) {
      for (const behind of [ground, raised]) assert.ok(contrast(text, behind) >= 4.5, `${theme} ${text} on ${behind}`);
    }
    assert.ok(contrast(invalid, rest['invalid-ground']) >= 4.5 && contrast(caution, rest['caution-ground']) >= 4.5);
  }
});

test('transports can be told apart with any colour vision', () => {
  for (const theme of themes) {
    for (const [eye, matrix] of Object.entries(eyes)) {
      for (const [index, [name, { color }]] of styles.entries()) {
        for (const [otherName, other] of styles.slice(index + 1)) {
          const apart = distance(seen(color[theme], matrix), seen(other.color[theme], matrix));
          assert.ok(apart >= 0.16, `${theme}, ${eye}: ${name} and ${otherName} are only ${apart.toFixed(3)} apart`);
        }
      }
    }
  }
  assert.equal(new Set(styles.map(([, { dash }]) => dash.join())).size, styles.length);
});

test('the style sheet defines every colour in both themes', () => {
  const css = themeCss();
  for (const name of [...Object.keys(surfaces.light), ...Object.keys(transportStyles)]) {
    assert.equal(css.split(`--${name}:`).length - 1, 3, name);
  }
});
