import type { LoadFigures } from '../../clients/load/load.ts';
import type { Window } from '../../clients/subscriber/staleness.ts';
import type { AcceptedUpdates } from '../../protocol/accepted-updates.ts';
import { completeUntilUs, type ExchangeEvent, watchedClient } from '../../protocol/exchange.ts';
import type { Exchange } from '../../results/schema/schema.ts';
import { channelOf, type Scenario } from '../../scenarios/scenario.ts';
import { publishRecord } from './publish-record.ts';

/**
 * The exchange between the watched client and the server in the window, in order of time, up to the instant until which
 * both logs are complete. Instants become milliseconds from the start of the window.
 */
export function exchangeRecord(
  scenario: Scenario,
  { startUs, endUs }: Window,
  server: readonly ExchangeEvent[],
  updates: AcceptedUpdates,
  figures: readonly LoadFigures[],
): Exchange {
  const client = figures.flatMap((figure) => figure.exchange);
  const completeUs = Math.min(endUs, completeUntilUs(server), completeUntilUs(client));
  const sinceStartMs = (us: number) => (us - startUs) / 1000;
  const eventsOf = (side: Exchange['events'][number]['side'], events: readonly ExchangeEvent[]) =>
    events.flatMap((event) =>
      'version' in event ? { side, kind: event.kind, atMs: sinceStartMs(event.atUs), version: event.version } : [],
    );
  const channel = channelOf(scenario, watchedClient);
  const rows = [...updates.channel.keys()].filter((row) => updates.channel[row] === channel);
  return {
    completeMs: sinceStartMs(completeUs),
    events: [...eventsOf('client', client), ...eventsOf('server', server)]
      .filter(({ atMs }) => atMs <= sinceStartMs(completeUs))
      .sort((a, b) => a.atMs - b.atMs),
    updates: rows
      .filter((row) => updates.intendedUs[row]! <= completeUs)
      .map((row) => ({
        version: updates.version[row]!,
        intendedMs: sinceStartMs(updates.intendedUs[row]!),
        acceptedMs: sinceStartMs(updates.acceptedUs[row]!),
        own: updates.publisher[row] === watchedClient,
      })),
    publishes: publishRecord({ client, server, updates, channel, completeUs, sinceStartMs }),
  };
}
