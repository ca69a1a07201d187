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
  joinEmpty(): void;
  /** Counts a delivery. Returns whether it is new: not a repeat and, under `latest`, not older than the newest. */
  receive(version: number): boolean;
  /** Notes one of the client's own updates, which it does not receive. */
  own(version: number): void;
  /** The server no longer retains the client's version: start over with the newest state. */
  forget(): void;
  ledger(): Omit<ClientLedger, 'client' | 'channel'>;
};

/** Opens the account of one client. */
export function openAccount(semantics: Semantics): Account {
  return new ClientAccount(semantics);
}

const none = -1;

/**
 * Accounts for the deliveries of one client. Under `every`, skipped versions are remembered: one that comes late counts
 * as out of order, not as lost. Under `latest`, anything older than the newest is out of order.
 *
 * A class, and sets only where they are needed: a process has thousands of accounts, none of which is in the cache when
 * a delivery comes.
 */
class ClientAccount implements Account {
  readonly #isEvery: boolean;
  #newest = none;
  #first = none;
  #received = 0;
  #missing = 0;
  #duplicated = 0;
  #outOfOrder = 0;
  #skipped: Set<number> | undefined;
  #ownAhead: Set<number> | undefined;

  constructor(semantics: Semantics) {
    this.#isEvery = semantics === 'every';
  }

  get newest(): number | undefined {
    return this.#newest === none ? undefined : this.#newest;
  }

  joinEmpty(): void {
    if (this.#newest === none) this.#newest = 0;
    if (this.#first === none) this.#first = 0;
  }

  receive(version: number): boolean {
    const newest = this.#newest;
    if (version <= newest) return this.#receiveOld(version);
    if (newest !== none && version > newest + 1) this.#skipTo(newest, version);
    this.#newest = version;
    if (this.#first === none) this.#first = version;
    this.#received++;
    if (this.#ownAhead !== undefined) this.#absorbOwn();
    return true;
  }

  own(version: number): void {
    // Version 1: its publisher joined a channel without state.
    if (version === 1) this.joinEmpty();
    if (version <= this.#newest) {
      this.#excuse(version);
    } else {
      this.#ownAhead ??= new Set();
      this.#ownAhead.add(version);
      this.#absorbOwn();
    }
  }

  forget(): void {
    this.#newest = none;
    this.#first = none;
    this.#skipped = undefined;
    this.#ownAhead = undefined;
  }

  ledger(): Omit<ClientLedger, 'client' | 'channel'> {
    return {
      received: this.#received,
      missing: this.#missing,
      duplicated: this.#duplicated,
      outOfOrder: this.#outOfOrder,
      newest: this.newest,
    };
  }

  #skipTo(from: number, version: number): void {
    this.#missing += version - from - 1;
    if (this.#isEvery) this.#remember(from, version);
    for (const own of this.#ownAhead ?? []) {
      if (own >= version) continue;
      this.#ownAhead!.delete(own);
      this.#excuse(own);
    }
  }

  #remember(from: number, version: number): void {
    this.#skipped ??= new Set();
    // Sets are in the order of insertion, so the oldest come first.
    for (const old of this.#skipped) {
      if (old >= version - mostSkipped) break;
      this.#skipped.delete(old);
    }
    for (let v = Math.max(from + 1, version - mostSkipped); v < version; v++) this.#skipped.add(v);
  }

  /**
   * Takes back only what was counted as missing: under `every` the remembered versions, under `latest` all after the
   * first.
   */
  #excuse(version: number): void {
    const counted = this.#isEvery
      ? (this.#skipped?.delete(version) ?? false)
      : this.#first !== none && version > this.#first;
    if (counted) this.#missing--;
  }

  #absorbOwn(): void {
    while (this.#newest !== none && this.#ownAhead!.delete(this.#newest + 1)) this.#newest++;
  }

  #receiveOld(version: number): boolean {
    if (this.#skipped?.delete(version)) {
      this.#missing--;
      this.#outOfOrder++;
      this.#received++;
      return true;
    }
    if (!this.#isEvery && version !== this.#newest) this.#outOfOrder++;
    else this.#duplicated++;
    return false;
  }
}
