import { coreUseOf } from '../../results/core-use.ts';
import type { CompletedTrial, PlannedScenario, ProcessFigures } from '../../results/schema/schema.ts';
import type { Direction, WireLayer } from './byte-layers.ts';
import type { Unit } from './format.ts';
import { mergeHistograms, updatesBeyond } from './histogram.ts';
import { isReportable, type Statistic } from './reportable.ts';

export type FigureGroup = 'freshness' | 'bytes' | 'cpu' | 'memory' | 'load' | 'counts';

/** The trial, and its scenario, that figures are worked out from. */
export type Measured = { readonly trial: CompletedTrial; readonly scenario: PlannedScenario['scenario'] };

/** One comparable number of a trial: how it is worked out, what it is called, how it is written. */
export type Figure = {
  readonly group: FigureGroup;
  readonly title: string;
  /** For narrow columns. */
  readonly short: string;
  readonly unit: Unit;
  /** Significant digits. */
  readonly digits: number;
  /** Relative error of one reading, apart from noise. */
  readonly resolution?: number;
  /** What it contains on paths where the title does not make that clear. */
  readonly note?: string;
  /** `undefined` where this trial has no such figure: not measured, or too few data to state it. */
  readonly of: (measured: Measured) => number | undefined;
};

/** Histograms keep three significant digits. */
const histogramResolution = 0.001;
const msPerMinute = 60_000;

type HistogramName = keyof CompletedTrial['latency'];
/** Older records lack `p95Ms`. */
type Quantile = 'meanMs' | 'p50Ms' | 'p90Ms' | 'p95Ms' | 'p99Ms' | 'maxMs';

const statistics: Readonly<Record<Quantile, Statistic>> = {
  meanMs: 'mean',
  p50Ms: 0.5,
  p90Ms: 0.9,
  p95Ms: 0.95,
  p99Ms: 0.99,
  maxMs: 'max',
};

/**
 * A quantile of a latency distribution in milliseconds; `undefined` if the distribution is empty, or if a stall of the
 * instrument made it. Uplink and downlink are parts of a delivery, so they are reported where it is.
 */
export function latency(title: string, short: string, name: HistogramName, quantile: Quantile): Figure {
  const of = ({ trial }: Measured) => {
    const isKnown = trial.latency[name].count > 0 && (name === 'setUp' || isReportable(trial, statistics[quantile]));
    return isKnown ? trial.latency[name][quantile] : undefined;
  };
  return { group: 'freshness', title, short, unit: 'ms', digits: 3, resolution: histogramResolution, of };
}

/** The layers that sockets count. Packets are counted by the kernel. */
type SocketLayer = Exclude<WireLayer, 'packets'>;

/** Bytes of the window by direction and layer, without those caused by polls after the window. */
export type WindowBytes = Readonly<Record<Direction, Readonly<Record<SocketLayer, number>>>>;

export function windowBytes({ bytes: { down, up, tls } }: CompletedTrial): WindowBytes {
  return {
    down: {
      updates: down.encodedUpdateBytes - down.surplusUpdateBytes,
      framing: down.framingBytes - down.drainFramingBytes,
      tls: tls ? tls.windowDown - (tls.drainDown ?? 0) : 0,
    },
    up: {
      updates: up.encodedUpdateBytes - up.surplusUpdateBytes,
      framing: up.framingBytes - up.drainFramingBytes,
      tls: tls ? tls.windowUp - (tls.drainUp ?? 0) : 0,
    },
  };
}

/** Selects some of the bytes at the sockets; a field left out restricts nothing. */
type Part = { readonly direction?: Direction; readonly layer?: SocketLayer };

/** Bytes at the sockets in the window: all of them, or one part. */
export function socketBytes(trial: CompletedTrial, part: Part = {}): number {
  const { down, up } = windowBytes(trial);
  const directions = { down: [down], up: [up], both: [down, up] }[part.direction ?? 'both'];
  return sum(directions.flatMap((layers) => (part.layer ? [layers[part.layer]] : Object.values(layers))));
}

/** A part of the bytes at the sockets in the window. */
export function bytes(title: string, short: string, part: Part = {}): Figure {
  const of = (measured: Measured) => perClientMinute(measured, socketBytes(measured.trial, part));
  return { group: 'bytes', title: `${title}, per client and minute`, short, unit: 'bytes', digits: 3, of };
}

/** A figure only of paths with TLS: elsewhere it would be a row of zeros. */
export function whereTls(figure: Figure): Figure {
  return { ...figure, of: (measured) => (measured.trial.bytes.tls ? figure.of(measured) : undefined) };
}

/**
 * Mean headers and framing of one request or answer: what asking costs besides the updates. `undefined` for streams,
 * which do not ask.
 */
export function perRequest(title: string, short: string, direction: Direction): Figure {
  const of = ({ trial }: Measured) =>
    isAsked(trial) ? ratio(windowBytes(trial)[direction].framing, requestsOf(trial)) : undefined;
  return { group: 'bytes', title, short, unit: 'bytes', digits: 3, of };
}

/** Compressed size of updates as a share of their uncompressed size; `undefined` on paths that do not compress. */
export function compressedShare(title: string, short: string, direction: Direction): Figure {
  const of = ({ trial }: Measured) => {
    const { encodedUpdateBytes, uncompressedUpdateBytes = 0 } = trial.bytes[direction];
    return ratio(encodedUpdateBytes, uncompressedUpdateBytes);
  };
  return { group: 'bytes', title, short, unit: 'share', digits: 3, of };
}

/** An amount of the window per client and minute, the unit in which transports are ranked. */
export function perClientMinute({ trial, scenario }: Measured, amount: number): number | undefined {
  return ratio(amount * msPerMinute, scenario.clients * trial.window.durationMs);
}

type PacketDirection = NonNullable<CompletedTrial['bytes']['packets']>['window']['up'];

/**
 * An amount of the packet layer per client and minute; `undefined` if that layer was not measured. Packets cannot be
 * assigned to requests, so polls after the window are left out by their share of the requests: all polls take about the
 * same packets.
 */
export function inPackets(
  measured: Measured,
  amount: (direction: PacketDirection) => number,
  directions: readonly Direction[] = ['down', 'up'],
): number | undefined {
  const { bytes, counts } = measured.trial;
  if (bytes.packets === null) return undefined;
  const afterwards = counts.requests > 0 ? counts.drainRequests / counts.requests : 0;
  const { window } = bytes.packets;
  return perClientMinute(measured, sum(directions.map((direction) => amount(window[direction]))) * (1 - afterwards));
}

/** Bytes on the wire, all layers, in one direction or both; `undefined` if the packet layer was not measured. */
export function wireBytes(title: string, short: string, direction?: Direction): Figure {
  const of = (measured: Measured) => {
    const headers = inPackets(measured, ({ headerBytes }) => headerBytes, direction && [direction]);
    const above = perClientMinute(measured, socketBytes(measured.trial, direction && { direction }));
    return headers === undefined || above === undefined ? undefined : headers + above;
  };
  return { group: 'bytes', title: `${title}, all layers, per client and minute`, short, unit: 'bytes', digits: 3, of };
}

type Role = ProcessFigures['role'];

/** A process grows by some megabytes anyway: with fewer clients that would be most of what is charged to them. */
export const fewestClientsForMemory = 1_000;

/**
 * RSS in bytes by which the processes of a role grew beyond idle up to `stage`, per client; `undefined` with too few
 * clients.
 */
export function memory(
  title: string,
  short: string,
  role: Role,
  stage: 'connectedRssBytes' | 'rssBytes' = 'connectedRssBytes',
): Figure {
  const of = ({ trial, scenario }: Measured) => {
    const grown = withRoles(trial, [role]).map((process) => process[stage] - process.idleRssBytes);
    return scenario.clients < fewestClientsForMemory ? undefined : ratio(sum(grown), scenario.clients);
  };
  return { group: 'memory', title: `${title}, per client`, short, unit: 'bytes', digits: 3, of };
}

/** Bytes by which the kernel's objects grew beyond idle, per client; `undefined` with too few clients, or unknown. */
export function kernelMemory(title: string, short: string): Figure {
  const of = ({ trial: { kernelSlabBytes }, scenario }: Measured) => {
    const { idle = null, connected = null } = kernelSlabBytes ?? {};
    if (idle === null || connected === null || scenario.clients < fewestClientsForMemory) return undefined;
    return ratio(connected - idle, scenario.clients);
  };
  return { group: 'memory', title: `${title}, per client`, short, unit: 'bytes', digits: 3, of };
}

/**
 * Event loop utilization of the busiest process of a role, 0 to 1: 1 is a process that never waits. It says nothing
 * about speed.
 */
export function utilization(title: string, short: string, role: Role): Figure {
  const of = ({ trial }: Measured) => {
    const busy = withRoles(trial, [role]).map(({ eventLoopUtilization }) => eventLoopUtilization);
    return busy.length > 0 ? Math.max(...busy) : undefined;
  };
  return { group: 'load', title: `Event loop of the ${title}, busiest process`, short, unit: 'share', digits: 2, of };
}

/** Share of the busiest core of a side that all processes on it used, 0 to 1. It decides what was the limit. */
export function coreShare(title: string, short: string, side: 'load' | 'source' | 'server'): Figure {
  const of = ({ trial }: Measured) => coreUseOf(trial)[side]?.share;
  return {
    group: 'load',
    title: `Core of the ${title}, the busiest, with all that share it`,
    short,
    unit: 'share',
    digits: 2,
    of,
  };
}

/** Anything that is counted rather than measured. */
export function counted(title: string, short: string, of: Figure['of'], unit: Unit = 'count'): Figure {
  return { group: 'counts', title, short, unit, digits: 3, of };
}

export const seconds = (trial: CompletedTrial) => trial.window.durationMs / 1000;
export const updatesOf = (trial: CompletedTrial) => trial.updates.accepted;
export const requestsOf = ({ counts }: CompletedTrial) => counts.requests - counts.drainRequests;

/** Whether clients ask for updates; over a stream the server sends them unasked. */
function isAsked({ transport }: CompletedTrial): boolean {
  return transport === 'short-polling' || transport === 'long-polling';
}

/** Polls of the window. Over HTTP publishes are requests too, so they are subtracted. */
export function pollsOf({ trial, scenario }: Measured): number {
  const { updates } = trial;
  if (!isAsked(trial)) return 0;
  const publishes = (scenario.origin === 'client' ? updates.published : 0) + updates.publishedInputs;
  return requestsOf(trial) - publishes;
}

/**
 * Whether at least ten independent updates lie beyond the percentile `share` (0 to 1). All deliveries of one update
 * count as one.
 */
export function knowsPercentile(trial: CompletedTrial, share: number): boolean {
  // Rounded, because 1 − 0.99 is a little less than 0.01.
  return Math.round(trial.updates.accepted * (1 - share) * 1e6) / 1e6 >= updatesBeyond;
}

/** 99.9th percentile of the delivery latency in milliseconds; `undefined` without deliveries. */
export function tail(trial: CompletedTrial): number | undefined {
  const histogram = mergeHistograms([trial.latency.delivery]);
  return histogram && histogram.getValueAtPercentile(99.9) / 1000;
}

export function withRoles(trial: CompletedTrial, roles: readonly Role[]): readonly ProcessFigures[] {
  return trial.processes.filter(({ role }) => roles.includes(role));
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** `undefined` unless `of` is above 0. */
export function ratio(amount: number, of: number): number | undefined {
  return of > 0 ? amount / of : undefined;
}
