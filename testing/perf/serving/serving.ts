import type { Epoch } from '../../../machine/process/clock.ts';

/** `ours`: the node of a trial. `bare`: ws and node:http with the least that gives the same bytes. */
export type ServingKind = 'ours' | 'bare';

export type ServingConfig = { readonly epoch: Epoch; readonly channels: number };

/** A server whose updates are made in its own process. */
export type Serving = {
  readonly port: number;
  /** A new update of a channel, for all that wait for it. */
  readonly update: (channel: number, intendedUs: number, payload: Buffer) => void;
};

export type Serve = (config: ServingConfig) => Promise<Serving>;
