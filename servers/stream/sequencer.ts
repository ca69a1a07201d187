import type { Verdict } from '../../protocol/backplane-messages.ts';
import type { Arrival } from './state-stream.ts';

/** A publish that has no version yet. `sequence` counts a client's publishes 1, 2, 3 …, which identifies repeats. */
export type Publish = Arrival & { readonly sequence: number };

/**
 * Gives a publish its version: in the node itself, or in the backplane process of several nodes. Calls back once, now
 * or later; on a node, only after the node's own stream has the update.
 */
export type Sequencer = (publish: Publish, decided: (verdict: Verdict) => void) => void;

// Publishes remembered per client. A repeat of an older one cannot be recognised and is refused.
const rememberedPublishes = 1024;

type Publisher = { newest: number; readonly versions: Map<number, number> };

/**
 * Gives each publish a version once, and repeats the version first given. `accept` gives the next version of a channel;
 * to keep one order, call it from one place only.
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
