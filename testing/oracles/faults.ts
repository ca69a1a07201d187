import { codecs } from '../../protocol/codec.ts';
import { randomFrom, seedFrom } from '../../scenarios/random.ts';
import type { Tamper } from './message-editor.ts';

/** Versions with which something happens, drawn from a seed. No two faults touch each other. */
export type Faults = {
  readonly dropped: ReadonlySet<number>;
  readonly duplicated: ReadonlySet<number>;
  /** Each is passed on behind the one that follows it. */
  readonly reordered: ReadonlySet<number>;
};

const versionsApart = 4;

/** One version in sixteen is dropped, one duplicated, one reordered; the first and the last few of `versions` are left alone. */
export function drawFaults(seed: string, versions: number): Faults {
  const random = randomFrom(seedFrom(seed, 'faults'));
  const faults = { dropped: new Set<number>(), duplicated: new Set<number>(), reordered: new Set<number>() };
  for (let version = versionsApart; version < versions - versionsApart; version += versionsApart) {
    const drawn = [faults.dropped, faults.duplicated, faults.reordered, undefined][random.integer(4)];
    drawn?.add(version);
  }
  return faults;
}

/** Does to the updates of one client what was drawn. */
export function openFaults({ dropped, duplicated, reordered }: Faults): Tamper {
  const held = new Map<number, Buffer>();
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

/** Ways of saying a wrong version: what becomes of the update with the version `at`. */
const falsehoods = {
  /** Says the version of the update before it for a second time, with another content. */
  repeats: (update, at) => [relabelled(update, at - 1), update],
  /** Gives an update a version that was given before. */
  'jumps back': (update, at) => [relabelled(update, at - 3)],
  /** Gives an update a version that is never given. */
  'jumps ahead': (update, at) => [relabelled(update, at + 1000)],
} as const satisfies Readonly<Record<string, (update: Buffer, at: number) => readonly Buffer[]>>;

export type Lie = keyof typeof falsehoods;

/** Lies once, at version `at`; a client that asks for it again gets the true value. */
export function openLie(lie: Lie, at: number): Tamper {
  let told = false;
  return (update, version) => {
    if (told || version !== at) return [update];
    told = true;
    return falsehoods[lie](update, at);
  };
}

function relabelled(update: Buffer, version: number): Buffer {
  return codecs.json.encode({ ...codecs.json.decode(update), version });
}
