import type { Verdict } from '../../protocol/backplane-messages.ts';
import type { Arrival } from './state-stream.ts';

/** A publish that has no version yet. `sequence` counts a client's publishes 1, 2, 3 …, which identifies repeats. */
export type Publish = Arrival & { readonly sequence: number };

/**
 * Gives a publish its version: in the node itself, or in the backplane process of several nodes. Calls back once, now
 * or later; on a node, only after the node's own stream has the update.
 */
export type Sequencer = (publish: Publish, decided: (verdict: Verdict) => void) => void;

type Memory = {
  /** Publishes remembered per client. A repeat of an older one cannot be recognised and is refused. */
  readonly ofClient: number;
  /** Publishes remembered in all. Beyond, each client keeps an equal share. */
  readonly inAll: number;
  /** Clients remembered. Beyond, those that were silent for longest are forgotten, as if they were new. */
  readonly clients: number;
};

const usualMemory: Memory = { ofClient: 1_024, inAll: 1_000_000, clients: 100_000 };

/** `versions`: by sequence. `forgotten`: the highest sequence that is no longer in it. */
type Publisher = { forgotten: number; versions: Map<number, number> };

/**
 * Gives each publish a version once, and repeats the version first given. `accept` gives the next version of a channel;
 * to keep one order, call it from one place only.
 */
export function createSequencer(
  accept: (arrival: Arrival) => number,
  { ofClient, inAll, clients }: Memory = usualMemory,
): Sequencer {
  /** In the order of their last publish. */
  const publishers = new Map<number, Publisher>();
  let remembered = 0;

  const publisherOf = (client: number): Publisher => {
    const publisher = publishers.get(client) ?? { forgotten: 0, versions: new Map() };
    publishers.delete(client);
    publishers.set(client, publisher);
    return publisher;
  };
  const remember = (publisher: Publisher, sequence: number, version: number) => {
    publisher.versions.set(sequence, version);
    remembered++;
    // Half at a time, here and below, so that sorting costs little on average.
    if (publisher.versions.size >= 2 * ofClient) remembered -= keepHighest(publisher, ofClient);
    if (publishers.size > clients) {
      const [client, { versions }] = publishers.entries().next().value!;
      publishers.delete(client);
      remembered -= versions.size;
    }
    if (remembered > inAll) {
      const share = Math.max(1, Math.floor(inAll / 2 / publishers.size));
      for (const each of publishers.values()) remembered -= keepHighest(each, share);
    }
  };

  return (publish, decided) => {
    const publisher = publisherOf(publish.publisher);
    const { sequence } = publish;
    const known = publisher.versions.get(sequence);
    if (known !== undefined) {
      decided({ version: known, repeated: true });
    } else if (sequence <= publisher.forgotten) {
      decided({ refused: `sequence: ${sequence} is too old, those up to ${publisher.forgotten} are forgotten` });
    } else {
      const version = accept(publish);
      remember(publisher, sequence, version);
      decided({ version, repeated: false });
    }
  };
}

/**
 * Forgets all but the highest sequences, not the oldest: one number far ahead would otherwise shut out all that follow.
 * Returns how many it forgot.
 */
function keepHighest(publisher: Publisher, kept: number): number {
  const excess = publisher.versions.size - kept;
  if (excess <= 0) return 0;
  const entries = [...publisher.versions].sort(([a], [b]) => a - b);
  publisher.forgotten = entries[excess - 1]![0];
  publisher.versions = new Map(entries.slice(excess));
  return excess;
}
