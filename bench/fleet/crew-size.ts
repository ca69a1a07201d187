import type { Path } from '../../network/link/path.ts';
import { destinationsOf, relayShards } from '../plan/capacity.ts';
import type { PlannedTrial } from '../plan/plan.ts';
import type { Role } from './fleet.ts';

/**
 * How many processes of each role a trial has. Load processes are not among them: their number follows from the cores
 * that the others leave (`loadProcesses` in `bench/plan/capacity.ts`).
 */
export type CrewSize = Readonly<Record<Exclude<Role, 'load'>, number>>;

type Sized = Pick<PlannedTrial, 'planned' | 'transport' | 'route'>;

/** `delay`: what makes the round-trip time of the trial's path. `openFiles`: descriptors that one process may open. */
export function crewSizeOf(trial: Sized, delay: Path['delay'], openFiles: number): CrewSize {
  const { scenario } = trial.planned;
  const { nodes, proxy } = trial.route;
  return {
    server: nodes,
    proxy: proxy ? 1 : 0,
    source: scenario.origin === 'server' ? 1 : 0,
    backplane: nodes > 1 ? 1 : 0,
    relay: relaysOn(delay, trial, openFiles),
  };
}

/**
 * A relay of packets is one process; relays of connections are as many as their descriptors need, the same number for
 * each destination.
 */
function relaysOn(delay: Path['delay'], { planned, transport, route }: Sized, openFiles: number): number {
  if (delay === 'vxlan-relay') return 1;
  if (delay !== 'tcp-relay') return 0;
  const destinations = destinationsOf(route);
  return destinations * Math.ceil(relayShards(planned.scenario, transport, openFiles) / destinations);
}
