import type { Scheduler } from '../../machine/process/scheduler.ts';
import type { PlannedTrial } from '../plan/plan.ts';
import type { Fleet } from './fleet.ts';
import type { Host } from './host.ts';
import type { Place } from './place.ts';

/** What one trial runs with. */
export type Surroundings = {
  readonly fleet: Fleet;
  readonly host: Host;
  readonly place: Place;
  /** For local sockets, and what a proxy writes. */
  readonly directory: string;
  /** Descriptors that one process may open. */
  readonly openFiles: number;
  /** Its clock begins with the call. */
  readonly startScheduler: () => Scheduler;
};

/** Surroundings that were made for one trial. */
export type TrialSite = Surroundings & {
  /** After the fleet was stopped. */
  readonly close: () => Promise<void>;
};

/** Where the trials of a run take place. */
export type Site = {
  /** Makes room for a trial: nothing of the trial before is in it. Rejects when its network cannot be made. */
  readonly prepare: (trial: PlannedTrial) => Promise<TrialSite>;
};
