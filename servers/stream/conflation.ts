type Gap = { readonly to: number; readonly size: number };
type Account = { conflated: number; gaps: Gap[] };

// With more answers than this in flight between a server and one client, the oldest gaps can no longer be taken back.
const rememberedGaps = 256;

/**
 * Counts the updates that the server skipped for each client under semantics `latest`, independently of the clients'
 * own counts.
 * A sent update may never arrive. When a client returns with an older version than it was sent, the gaps after that
 * version are taken back: the server decides anew what to skip.
 */
export class Conflation {
  readonly #accounts = new Map<string, Account & { readonly client: number }>();

  /** Notes that `size` updates of the channel before `to` were skipped when `to` was sent. */
  record(client: number, channel: number, to: number, size: number): void {
    if (size <= 0) return;
    const key = `${client}/${channel}`;
    const account = this.#accounts.get(key) ?? { client, conflated: 0, gaps: [] };
    this.#accounts.set(key, account);
    account.conflated += size;
    account.gaps.push({ to, size });
    if (account.gaps.length > rememberedGaps) account.gaps.shift();
  }

  /** The client reports `after` as its newest version of the channel. */
  resume(client: number, channel: number, after: number): void {
    // Under `every` there are none, and each poll comes here.
    if (this.#accounts.size === 0) return;
    const account = this.#accounts.get(`${client}/${channel}`);
    while (account?.gaps.length && account.gaps.at(-1)!.to > after) account.conflated -= account.gaps.pop()!.size;
  }

  /** Updates skipped, per client. */
  totals(): ReadonlyMap<number, number> {
    const totals = new Map<number, number>();
    for (const { client, conflated } of this.#accounts.values()) {
      totals.set(client, (totals.get(client) ?? 0) + conflated);
    }
    return totals;
  }
}
