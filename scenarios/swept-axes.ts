import { formatDuration } from '../text/duration.ts';
import type { Point } from './point.ts';

/** One thing that a sweep can vary. */
type SweptAxis = {
  /** The property of a request of `pvw run` that has its value; the option follows from it. */
  readonly option: string;
  /** Its name in a point, which ends with the unit of the value. */
  readonly axis: string;
  /** A value as the option takes it. */
  readonly textOf: (value: number) => string;
  /** Its points are played by the same processes over the same connections. */
  readonly keepsProcesses?: true;
};

/** By the words of the command line. */
export const sweptAxes = {
  clients: { option: 'clients', axis: 'clients', textOf: String },
  channels: { option: 'channels', axis: 'channels', textOf: String },
  rate: { option: 'rate', axis: 'updatesPerSecond', textOf: String, keepsProcesses: true },
  payload: { option: 'payloadBytes', axis: 'payloadBytes', textOf: String, keepsProcesses: true },
  'poll-interval': {
    option: 'pollInterval',
    axis: 'pollIntervalMs',
    textOf: formatDuration,
    keepsProcesses: true,
  },
  rtt: { option: 'rtt', axis: 'rttMs', textOf: formatDuration },
  loss: { option: 'loss', axis: 'lossShare', textOf: (share) => `${Number((share * 100).toPrecision(6))}%` },
  'cookie-bytes': { option: 'cookieBytes', axis: 'cookieBytes', textOf: String },
} as const satisfies Readonly<Record<string, SweptAxis>>;

export type SweptWord = keyof typeof sweptAxes;

export const sweptWords = Object.keys(sweptAxes) as readonly SweptWord[];

/** What is known about an axis by its word. */
export function sweptAxis(word: SweptWord): SweptAxis {
  return sweptAxes[word];
}

/** The options of `pvw run` that measure at a point; axes that no sweep has are left out. */
export function optionsOfPoint(point: Point): readonly string[] {
  return sweptWords.flatMap((word) => {
    const { option, axis, textOf } = sweptAxis(word);
    const value = point[axis];
    const flag = `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return value === undefined ? [] : [flag, textOf(value)];
  });
}

/** Names in points, of those whose values may change between two windows of the same processes. */
export const axesThatKeepProcesses: readonly string[] = sweptWords
  .map(sweptAxis)
  .filter(({ keepsProcesses }) => keepsProcesses)
  .map(({ axis }) => axis);
