import type { Palette } from './palette.ts';

/** Settings shared by all charts. Sizes in CSS pixels. */
export function axisFont({ fontFamily }: Palette): { readonly family: string; readonly size: number } {
  return { family: fontFamily, size: 12 };
}

export function tooltipStyle(palette: Palette) {
  const font = axisFont(palette);
  return {
    backgroundColor: palette.of('raised'),
    titleColor: palette.of('ink'),
    bodyColor: palette.of('ink'),
    borderColor: palette.of('rule'),
    borderWidth: 1,
    padding: 10,
    cornerRadius: 4,
    boxWidth: 10,
    boxHeight: 10,
    titleFont: { ...font, weight: 'bold' as const },
    bodyFont: font,
  };
}
