import { formatParameter } from '../../analysis/figures/format.ts';
import { axisTitle, axisValueText } from '../../scenarios/point.ts';

/** A value on an axis at a readable scale: `1 s` and not `1,000 ms`. */
export function axisText(axis: string, value: number): string {
  if (axis.endsWith('Ms')) return formatParameter(value, 'ms');
  return axis.endsWith('Bytes') ? formatParameter(value, 'bytes') : axisValueText(axis, value);
}

/** At the beginning of a line: `Poll interval 1 s`, `300 clients`. */
export function headingOf(axis: string, value: number): string {
  const [title, text] = [axisTitle(axis), axisText(axis, value)];
  const isCount = /^[a-z]+$/.test(axis);
  return isCount ? `${text} ${title}` : `${title[0]!.toUpperCase()}${title.slice(1)} ${text}`;
}
