import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import autocannon from 'autocannon';
import { createLocalFleet } from '../../bench/local/local-fleet.ts';
import { choosePinning } from '../../bench/local/pinning.ts';
import { clockSince, newEpoch } from '../../machine/process/clock.ts';
import { defaultLimits } from '../../protocol/limits.ts';
import { scenarioFields } from '../../scenarios/fields.ts';
import { announceProcess, withPrograms } from '../oracles/oracle-trial.ts';
import { stallProcess } from '../oracles/stall.ts';
import type { StalledWindow } from '../oracles/stalled-trials.ts';

/** How the load generator runs: as fast as it can, or at a rate, with or without its correction. */
export type Mode = 'no rate' | 'rate, correction off' | 'rate, correction on';

export const modes: readonly Mode[] = ['no rate', 'rate, correction off', 'rate, correction on'];

export type Said = { readonly p50Ms: number; readonly p90Ms: number; readonly p99Ms: number; readonly values: number };

const connections = 10;

/** Sends requests for `seconds` over ten connections. With a rate, they send `perSecond` requests a second in total. */
async function ask(url: string, mode: Mode, perSecond: number, seconds: number): Promise<Said> {
  const { latency, errors, non2xx } = await autocannon({
    url,
    connections,
    duration: seconds,
    ...(mode !== 'no rate' && { overallRate: perSecond }),
    ...(mode === 'rate, correction off' && { ignoreCoordinatedOmission: true }),
  });
  if (errors + non2xx > 0) throw new Error(`${url}: ${errors} errors, ${non2xx} answers other than 2xx`);
  // The property exists but is missing from the package's types.
  const { totalCount } = latency as typeof latency & { readonly totalCount: number };
  return { p50Ms: latency.p50, p90Ms: latency.p90, p99Ms: latency.p99, values: totalCount };
}

/** What autocannon reports about a server that answers every request after `delayMs`. */
export async function askDelayed(mode: Mode, delayMs: number, perSecond: number, seconds: number): Promise<Said> {
  const server = createServer((_request, response) => {
    setTimeout(() => response.end('late'), delayMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, mode, perSecond, seconds);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** What autocannon reports about our own short-polling endpoint, in a separate process that is stopped once. */
export function askStalled(mode: Mode, { perSecond, seconds, stallAtMs, stallMs }: StalledWindow): Promise<Said> {
  return withPrograms(async ({ programs, directory }) => {
    const { program, pid } = announceProcess(directory, 'server', programs.server);
    const fleet = createLocalFleet({ ...programs, server: program }, choosePinning());
    try {
      const server = await fleet.start('server', 'server');
      const epoch = newEpoch();
      const { port } = await server.ask('start', {
        epoch,
        channels: 1,
        encoding: 'json',
        semantics: 'every',
        echo: false,
        heartbeatMs: scenarioFields.heartbeatMs.default,
        limits: defaultLimits,
      });
      const clock = clockSince(epoch);
      const stalled = stallProcess(pid(), clock, clock.nowUs() + stallAtMs * 1000, stallMs);
      const [said] = await Promise.all([
        ask(`http://127.0.0.1:${port}/updates?channel=0`, mode, perSecond, seconds),
        stalled,
      ]);
      return said;
    } finally {
      await fleet.stop();
    }
  });
}
