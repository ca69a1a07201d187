import { clockSince } from '../../../machine/process/clock.ts';
import { defaultLimits } from '../../../protocol/limits.ts';
import { scenarioFields } from '../../../scenarios/fields.ts';
import { startNode } from '../../../servers/main/node.ts';
import { AcceptedLog } from '../../../servers/stream/accepted-log.ts';
import type { Serve } from './serving.ts';

/** The node of a server process, with the log that it keeps in a trial; its updates come from no source. */
export const serveOurs: Serve = async ({ epoch, channels }) => {
  const clock = clockSince(epoch);
  const log = new AcceptedLog();
  const { port, context } = await startNode({
    channels,
    encoding: 'json',
    semantics: 'every',
    echo: true,
    heartbeatMs: scenarioFields.heartbeatMs.default,
    limits: defaultLimits,
    clock,
    onAccepted: (accepted) => log.add(accepted, clock.nowUs()),
  });
  return {
    port,
    update: (channel, intendedUs, payload) =>
      void context.stream.accept({ channel, intendedUs, payload, publisher: -1 }),
  };
};
