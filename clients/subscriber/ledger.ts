import type { Semantics } from '../../protocol/contract-terms.ts';

/** What one client received since the process started. Plain numbers, sent to the parent as they are. */
export type ClientLedger = {
  readonly client: number;
  readonly channel: number;
  readonly received: number;
  /** Versions skipped that have not come since: conflated by the server, or lost. */
  readonly missing: number;
  readonly duplicated: number;
  readonly outOfOrder: number;
  /** Newest version; undefined before the first answer. */
  readonly newest: number | undefined;
};

/** More than a server retains, so none that was skipped before these can still come. */
const mostSkipped = 10_000;

/** The account of one client in its channel. */
export type Account = {
  readonly newest: number | undefined;
  /** The channel has no state yet, so the client may miss nothing from version 1 on. */
  readonly joinEmpty: () => void;
  /** Counts a delivery. Returns whether it is new: not a repeat and, under `latest`, not older than the newest. */
  readonly receive: (version: number) => boolean;
  /** Notes one of the client's own updates, which it does not receive. */
  readonly own: (version: number) => void;
  /** The server no longer retains the client's version: start over with the newest state. */
  readonly forget: () => void;
  readonly ledger: () => Omit<ClientLedger, 'client' | 'channel'>;
};

/**
 * Accounts for the deliveries of one client. Under `every`, skipped versions are remembered: one that comes late counts
 * as out of order, not as lost. Under `latest`, anything older than the newest is out of order.
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
    if (semantics === 'every') {
      // Sets are in the order of insertion, so the oldest come first.
      for (const old of skipped) {
        if (old >= version - mostSkipped) break;
        skipped.delete(old);
      }
      for (let v = Math.max(from + 1, version - mostSkipped); v < version; v++) skipped.add(v);
    }
    for (const own of ownAhead) {
      if (own >= version) continue;
      ownAhead.delete(own);
      excuse(own);
    }
  };
  // Takes back only what was counted as missing: under `every` the remembered versions, under `latest` all after the
  // first.
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
      // Version 1: its publisher joined a channel without state.
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
