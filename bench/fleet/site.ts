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
  /** For local sockets and the files of a proxy. */
  readonly directory: string;
  /** Descriptors that one process may open. */
  readonly openFiles: number;
  /** The clock of the scheduler starts at this call. */
  readonly startScheduler: () => Scheduler;
};

/** Surroundings prepared for one trial. */
export type TrialSite = Surroundings & {
  /** To be called after the fleet was stopped. */
  readonly close: () => Promise<void>;
};

/** Where the trials of a run take place. */
export type Site = {
  /**
   * Prepares fresh surroundings for a trial, with nothing left of the one before. Rejects if its network cannot be
   * made.
   */
  readonly prepare: (trial: PlannedTrial) => Promise<TrialSite>;
};
