import type { Semantics } from '../../protocol/contract-terms.ts';

/** What one client saw since the process started. Plain numbers: it travels to the parent as it is. */
export type ClientLedger = {
  readonly client: number;
  readonly channel: number;
  readonly received: number;
  /** Versions that were jumped over and have not come since: conflated by the server, or lost. */
  readonly missing: number;
  readonly duplicated: number;
  readonly outOfOrder: number;
  /** Newest version; undefined before the first answer. */
  readonly newest: number | undefined;
};

export type Account = {
  readonly newest: number | undefined;
  /** The channel has no state yet, so nothing from version 1 on may be missed. */
  readonly joinEmpty: () => void;
  /** Counts a delivery. Returns whether it is news: neither a repeat nor older than what is there (`latest`). */
  readonly receive: (version: number) => boolean;
  /** One of the client's own updates, which it does not receive. */
  readonly own: (version: number) => void;
  /** The server said that the place is lost: start over with the newest state. */
  readonly forget: () => void;
  readonly ledger: () => Omit<ClientLedger, 'client' | 'channel'>;
};

/**
 * The books of one client. Under `every` a version that was jumped over is remembered, so that one which comes late
 * counts as out of order and not as lost; under `latest` anything older than the newest is out of order.
 */
export function openAccount(semantics: Semantics): Account {
  let newest: number | undefined;
  let first: number | undefined;
  let received = 0;
  let missing = 0;
  let duplicated = 0;
  let outOfOrder = 0;
  const skipped = new Set<number>();
  const ownAhead = new Set<number>();

  const skipTo = (from: number, version: number) => {
    missing += version - from - 1;
    if (semantics === 'every') for (let v = from + 1; v < version; v++) skipped.add(v);
    for (const own of ownAhead) {
      if (own >= version) continue;
      ownAhead.delete(own);
      excuse(own);
    }
  };
  // Only what was counted as missing: under `every` the versions are known, under `latest` all since the first one.
  const excuse = (version: number) => {
    const counted = semantics === 'every' ? skipped.delete(version) : first !== undefined && version > first;
    if (counted) missing--;
  };
  const joinEmpty = () => {
    newest ??= 0;
    first ??= 0;
  };
  const absorbOwn = () => {
    while (newest !== undefined && ownAhead.delete(newest + 1)) newest++;
  };
  const receiveOld = (version: number): boolean => {
    if (skipped.delete(version)) {
      missing--;
      outOfOrder++;
      received++;
      return true;
    }
    if (semantics === 'latest' && version !== newest) outOfOrder++;
    else duplicated++;
    return false;
  };

  return {
    get newest() {
      return newest;
    },
    joinEmpty,
    receive: (version) => {
      if (newest !== undefined && version <= newest) return receiveOld(version);
      if (newest !== undefined && version > newest + 1) skipTo(newest, version);
      newest = version;
      first ??= version;
      received++;
      if (ownAhead.size > 0) absorbOwn();
      return true;
    },
    own: (version) => {
      // The first of all: whoever published it joined a channel that had no state.
      if (version === 1) joinEmpty();
      if (newest !== undefined && version <= newest) {
        excuse(version);
      } else {
        ownAhead.add(version);
        absorbOwn();
      }
    },
    forget: () => {
      newest = undefined;
      first = undefined;
      skipped.clear();
      ownAhead.clear();
    },
    ledger: () => ({ received, missing, duplicated, outOfOrder, newest }),
  };
}
