import { codecs } from '../../protocol/codec.ts';
import { randomFrom } from '../../scenarios/random.ts';
import { seedFrom } from '../../scenarios/seed.ts';
import type { Tamper } from './message-editor.ts';

/** Versions that get a fault, drawn from a seed. Between two of them are at least three without a fault. */
export type Faults = {
  readonly dropped: ReadonlySet<number>;
  readonly duplicated: ReadonlySet<number>;
  /** Each is passed on after the version that follows it. */
  readonly reordered: ReadonlySet<number>;
};

const versionsApart = 4;

/** Of all versions, one in sixteen is dropped, one duplicated, one reordered; the first and last few have no fault. */
export function drawFaults(seed: string, versions: number): Faults {
  const random = randomFrom(seedFrom(seed, 'faults'));
  const faults = { dropped: new Set<number>(), duplicated: new Set<number>(), reordered: new Set<number>() };
  for (let version = versionsApart; version < versions - versionsApart; version += versionsApart) {
    const drawn = [faults.dropped, faults.duplicated, faults.reordered, undefined][random.integer(4)];
    drawn?.add(version);
  }
  return faults;
}

/** Applies the drawn faults to the updates of one client. */
export function openFaults({ dropped, duplicated, reordered }: Faults): Tamper {
  const held = new Map<number, Uint8Array>();
  return (update, version) => {
    if (dropped.has(version)) return [];
    if (duplicated.has(version)) return [update, update];
    if (reordered.has(version)) {
      held.set(version, update);
      return [];
    }
    const before = held.get(version - 1);
    held.delete(version - 1);
    return before ? [update, before] : [update];
  };
}

/** Ways to send a wrong version: what replaces the update with version `at`. */
const falsehoods = {
  /** Sends the version before it a second time, with other content. */
  repeats: (update, at) => [relabelled(update, at - 1), update],
  /** Gives an update a version that another update had before. */
  'jumps back': (update, at) => [relabelled(update, at - 3)],
  /** Gives an update a version that no update ever has. */
  'jumps ahead': (update, at) => [relabelled(update, at + 1000)],
} as const satisfies Readonly<Record<string, (update: Uint8Array, at: number) => readonly Uint8Array[]>>;

export type Lie = keyof typeof falsehoods;

/** Sends the wrong version once; a client that asks again gets the right one. */
export function openLie(lie: Lie, at: number): Tamper {
  let told = false;
  return (update, version) => {
    if (told || version !== at) return [update];
    told = true;
    return falsehoods[lie](update, at);
  };
}

function relabelled(update: Uint8Array, version: number): Uint8Array {
  return codecs.json.encode({ ...codecs.json.decode(update), version });
}
