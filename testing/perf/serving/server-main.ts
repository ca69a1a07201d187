import { type Clock, clockSince } from '../../../machine/process/clock.ts';
import { answerParent } from '../../../machine/process/control.ts';
import { type ProcessSample, sampleProcess } from '../../../machine/process/process-sample.ts';
import { serveBare } from './bare-serving.ts';
import { serveOurs } from './our-serving.ts';
import type { Serving, ServingConfig, ServingKind } from './serving.ts';

export type ServerConfig = ServingConfig & { readonly kind: ServingKind; readonly payloadBytes: number };

/** The calls of a server that is measured. It makes its updates itself, so that no source is in its cost. */
export type PerfServerCalls = {
  /** Listens with one update in each channel; returns the port. */
  readonly start: (config: ServerConfig) => Promise<number>;
  /** From now on makes updates at this rate, each channel in turn. */
  readonly update: (perSecond: number) => void;
  readonly made: () => { readonly updates: number; readonly sample: ProcessSample };
};

type Started = {
  readonly serving: Serving;
  readonly clock: Clock;
  readonly channels: number;
  readonly payload: Buffer;
};

function serverCalls(): PerfServerCalls {
  let started: Started | undefined;
  let updates = 0;
  const update = ({ serving, channels, payload }: Started, intendedUs: number) =>
    serving.update(updates++ % channels, intendedUs, payload);
  return {
    start: async ({ kind, payloadBytes, ...config }) => {
      const serving = await (kind === 'ours' ? serveOurs : serveBare)(config);
      const payload = Buffer.from(JSON.stringify('x'.repeat(payloadBytes - 2)));
      started = { serving, clock: clockSince(config.epoch), channels: config.channels, payload };
      while (updates < config.channels) update(started, started.clock.nowUs());
      return serving.port;
    },
    update: (perSecond) => {
      const of = started!;
      const startUs = of.clock.nowUs();
      const firstUpdate = updates;
      // A timer, since an alarm that spins would cost the same with both and so make them look alike.
      setInterval(() => {
        const due = () => startUs + Math.round(((updates - firstUpdate) * 1e6) / perSecond);
        while (due() <= of.clock.nowUs()) update(of, due());
      }, 1);
    },
    made: () => ({ updates, sample: sampleProcess() }),
  };
}

answerParent(serverCalls());
