/**
 * Position along the axes of a sweep: `{ clients: 300, rttMs: 40 }`. An axis is named after what it varies, with its
 * unit; `{}` when nothing is varied.
 */
export type Point = Readonly<Record<string, number>>;

/** A scenario at a point. Both identify trials and plans: a sweep contains the same scenario several times. */
export type ScenarioAt = { readonly scenario: string; readonly point: Point };

/** Name and point of a planned scenario; a plan may omit the point. */
export function scenarioAt(planned: {
  readonly scenario: { readonly name: string };
  readonly point?: Point | undefined;
}): ScenarioAt {
  return { scenario: planned.scenario.name, point: planned.point ?? {} };
}

/** The same key for equal points whatever the order of axes: `clients=300,rttMs=40`; empty for `{}`. */
export function pointKey(point: Point): string {
  return axesOf(point)
    .map((axis) => `${axis}=${point[axis]}`)
    .join(',');
}

/** `chat-room`, or `chat-room@clients=300` at a point: a key, and the name that people read and type. */
export function scenarioKey({ scenario, point }: ScenarioAt): string {
  const key = pointKey(point);
  return key === '' ? scenario : `${scenario}@${key}`;
}

export function isSameScenario(a: ScenarioAt, b: ScenarioAt): boolean {
  return a.scenario === b.scenario && pointKey(a.point) === pointKey(b.point);
}

/** Text for people: `300 clients, RTT 40 ms`; empty for `{}`. */
export function pointText(point: Point): string {
  return axesOf(point)
    .map((axis) => axisText(axis, point[axis]!))
    .join(', ');
}

/** Suffix of a title: `, 300 clients`; empty for `{}`. */
export function pointSuffix(point: Point): string {
  const text = pointText(point);
  return text === '' ? '' : `, ${text}`;
}

function axesOf(point: Point): readonly string[] {
  return Object.keys(point).sort();
}

/** An axis without its unit, as words: `RTT`, `poll interval`, `clients`. */
export function axisTitle(axis: string): string {
  const { name } = partsOf(axis);
  return name === 'rtt' ? 'RTT' : name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** A value on an axis with its unit: `40 ms`, `5/s`, `1%`; without a unit it is a count, `300`. */
export function axisValueText(axis: string, value: number): string {
  const { unit } = partsOf(axis);
  const amount = (unit === 'Share' ? value * 100 : value).toLocaleString('en-US', { maximumSignificantDigits: 12 });
  return unit === undefined ? amount : `${amount}${units[unit]}`;
}

/** `RTT 40 ms`; without a unit it is a count, `300 clients`. */
function axisText(axis: string, value: number): string {
  const [title, amount] = [axisTitle(axis), axisValueText(axis, value)];
  return partsOf(axis).unit === undefined ? `${amount} ${title}` : `${title} ${amount}`;
}

/** The name of an axis ends with its unit: `rttMs`, `lossShare`. */
function partsOf(axis: string): { readonly name: string; readonly unit: keyof typeof units | undefined } {
  const [, name = axis, unit] = /^(.+?)(Ms|Bytes|PerSecond|Share)$/.exec(axis) ?? [];
  return { name, unit: unit as keyof typeof units | undefined };
}

const units = { Ms: ' ms', Bytes: ' B', PerSecond: '/s', Share: '%' } as const;
