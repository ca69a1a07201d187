import type { AcceptedUpdates } from '../../protocol/accepted-updates.ts';
import { type ExchangeEvent, watchedClient } from '../../protocol/exchange.ts';
import type { Exchange } from '../../results/schema/schema.ts';

type Publish = NonNullable<Exchange['publishes']>[number];
type Sending = Extract<ExchangeEvent, { readonly kind: 'publish' }>;

/** Both sides' logs of the watched client, and what the server accepted. */
export type PublishLogs = {
  readonly client: readonly ExchangeEvent[];
  readonly server: readonly ExchangeEvent[];
  readonly updates: AcceptedUpdates;
  /** The channel that the client follows; what it publishes elsewhere are inputs. */
  readonly channel: number;
  /** The logs are complete up to this instant; what happened later counts as not known. */
  readonly completeUs: number;
  readonly sinceStartMs: (us: number) => number;
};

/** What the watched client published: when it was sent, accepted and acknowledged. Ordered by sequence. */
export function publishRecord(logs: PublishLogs): Publish[] {
  const { client, completeUs } = logs;
  const sendings = client.filter((event) => event.kind === 'publish').filter(({ atUs }) => atUs <= completeUs);
  const sequences = [...new Set(sendings.map(({ sequence }) => sequence))].sort((a, b) => a - b);
  const takeRow = acceptedRowsOf(logs);
  return sequences.map((of) => {
    const sent = sendings.filter(({ sequence }) => sequence === of);
    return onePublish(logs, sent, takeRow(sent[0]!));
  });
}

/** Hands out the row of each publish. Two that were due at the same instant were accepted in the order of their sequence. */
function acceptedRowsOf({ updates, completeUs }: PublishLogs): (sending: Sending) => number | undefined {
  const free = [...updates.version.keys()].filter(
    (row) => updates.publisher[row] === watchedClient && updates.acceptedUs[row]! <= completeUs,
  );
  return ({ channel, intendedUs }) => {
    const place = free.findIndex((row) => updates.channel[row] === channel && updates.intendedUs[row] === intendedUs);
    return place < 0 ? undefined : free.splice(place, 1)[0];
  };
}

function onePublish(logs: PublishLogs, sent: readonly Sending[], row: number | undefined): Publish {
  const { client, server, updates, channel, completeUs, sinceStartMs } = logs;
  const [first] = sent as readonly [Sending, ...Sending[]];
  const acknowledgements = (events: readonly ExchangeEvent[]) =>
    events
      .filter((event) => event.kind === 'acknowledgement')
      .filter(({ sequence, atUs }) => sequence === first.sequence && atUs <= completeUs)
      .map(({ atUs }) => atUs);
  const acceptedUs = row === undefined ? undefined : updates.acceptedUs[row]!;
  const [acknowledgedUs] = acknowledgements(client);
  const instants = sent.map(({ atUs }) => atUs);
  return {
    kind: first.channel === channel ? 'update' : 'input',
    sentMs: orNull(lastUntil(instants, acceptedUs), sinceStartMs),
    version: row === undefined ? null : updates.version[row]!,
    acceptedMs: orNull(acceptedUs, sinceStartMs),
    // A repeat is acknowledged once more; the one that arrived is the last before it arrived.
    answeredMs: orNull(lastUntil(acknowledgements(server), acknowledgedUs), sinceStartMs),
    acknowledgedMs: orNull(acknowledgedUs, sinceStartMs),
  };
}

/** The last of ascending instants that is not after `endUs`, if an end is known. */
function lastUntil(instants: readonly number[], endUs = Number.POSITIVE_INFINITY): number | undefined {
  return instants.findLast((us) => us <= endUs);
}

function orNull(us: number | undefined, sinceStartMs: PublishLogs['sinceStartMs']): number | null {
  return us === undefined ? null : sinceStartMs(us);
}
