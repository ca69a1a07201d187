import type { CompletedTrial, ProcessFigures } from '../../results/schema/schema.ts';
import { type Figure, type Measured, perClientMinute, ratio, sum, withRoles } from './figure.ts';
import type { Unit } from './format.ts';

type Role = ProcessFigures['role'];

/**
 * The roles whose CPU a service pays for: nodes, the proxy that the run put in front of them, and the backplane that
 * orders their updates. On a direct path this is one server.
 */
const servingSide: readonly Role[] = ['server', 'proxy', 'backplane'];

/** The note of figures of the serving side, for paths where that is more than one server. */
export const servingNote = 'nodes, proxy and backplane together, where the path has them';

/** Whether a proxy or a backplane took part in serving any of these trials. */
export function isServedBySeveral(trials: readonly CompletedTrial[]): boolean {
  return trials.some(({ processes }) => processes.some(({ role }) => role !== 'server' && servingSide.includes(role)));
}

/** Milliseconds of CPU that serving took in the window. */
export function servingCpuMs(trial: CompletedTrial): number {
  return sum(withRoles(trial, servingSide).map(({ cpuWindowMs }) => cpuWindowMs));
}

/** CPU of the window of all processes with one of the roles, divided by `per`; `undefined` without such a process. */
export function cpu(
  title: string,
  short: string,
  roles: readonly Role[],
  unit: Unit,
  per: (trial: CompletedTrial) => number,
): Figure {
  const of = ({ trial }: Measured) => {
    const processes = withRoles(trial, roles);
    return processes.length > 0 ? ratio(sum(processes.map((each) => each.cpuWindowMs)), per(trial)) : undefined;
  };
  return { group: 'cpu', title, short, unit, digits: 3, of };
}

/** CPU of all that serves, which is what transports and paths are judged by. */
export function servingCpu(title: string, short: string, unit: Unit, per: (trial: CompletedTrial) => number): Figure {
  return { ...cpu(title, short, servingSide, unit, per), note: servingNote };
}

/** CPU of all that serves, per client and minute. */
export function servingCpuPerClient(title: string, short: string): Figure {
  const of = (measured: Measured) => perClientMinute(measured, servingCpuMs(measured.trial));
  return {
    group: 'cpu',
    title: `${title}, per client and minute`,
    short,
    unit: 'ms',
    digits: 3,
    note: servingNote,
    of,
  };
}

/**
 * CPU of handshakes and first answers of all that serves, per connection; `undefined` in older records, which lack it.
 */
export function servingSetUpCpu(title: string, short: string): Figure {
  const of = ({ trial }: Measured) => {
    const spent = withRoles(trial, servingSide).flatMap(({ cpuConnectMs }) => cpuConnectMs ?? []);
    return spent.length > 0 ? ratio(sum(spent), trial.counts.connections) : undefined;
  };
  return { group: 'cpu', title, short, unit: 'ms', digits: 3, note: servingNote, of };
}

/**
 * A figure of the nodes, only where others serve too: on a direct path it would repeat the figure of the serving side.
 */
export function wherePartOfServing(figure: Figure): Figure {
  return { ...figure, of: (measured) => (isServedBySeveral([measured.trial]) ? figure.of(measured) : undefined) };
}
