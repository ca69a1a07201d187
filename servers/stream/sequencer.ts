import type { Verdict } from '../../protocol/backplane-messages.ts';
import type { Arrival } from './state-stream.ts';

/** An update on its way to its version. A client numbers its publishes 1, 2, 3 …, so that a repeat is known as one. */
export type Publish = Arrival & { readonly sequence: number };

/**
 * Where a publish gets its version: in the node itself, at the backplane's process where there are several nodes, or at a
 * message broker. Calls back once, now or later, and for a node not before the node's own stream has the update.
 */
export type Sequencer = (publish: Publish, decided: (verdict: Verdict) => void) => void;

// A client may have this many publishes under way; a repeat of an older one can't be told apart and is refused.
const rememberedPublishes = 1024;

type Publisher = { newest: number; readonly versions: Map<number, number> };

/**
 * Gives each publish a version once, and a repeat the version first given. `accept` gives the next version of a channel;
 * whoever calls it from one place only has one order.
 */
export function createSequencer(accept: (arrival: Arrival) => number): Sequencer {
  const publishers = new Map<number, Publisher>();
  return (publish, decided) => {
    const publisher = publishers.get(publish.publisher) ?? { newest: 0, versions: new Map() };
    publishers.set(publish.publisher, publisher);
    const { sequence } = publish;
    const known = publisher.versions.get(sequence);
    if (known !== undefined) {
      decided({ version: known, repeated: true });
    } else if (sequence <= publisher.newest - rememberedPublishes) {
      decided({ refused: `sequence: ${sequence} is too old, ${publisher.newest} was accepted` });
    } else {
      const version = accept(publish);
      remember(publisher, sequence, version);
      decided({ version, repeated: false });
    }
  };
}

function remember(publisher: Publisher, sequence: number, version: number): void {
  publisher.newest = Math.max(publisher.newest, sequence);
  publisher.versions.set(sequence, version);
  if (publisher.versions.size > rememberedPublishes) publisher.versions.delete(publisher.versions.keys().next().value!);
}
