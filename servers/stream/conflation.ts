type Gap = { readonly to: number; readonly size: number };
type Account = { conflated: number; gaps: Gap[] };

// More unread answers than this between a server and one client are not told apart any more.
const rememberedGaps = 256;

/**
 * What the server left out for each client under semantics `latest`, counted here, independently of the clients.
 *
 * What was sent may never arrive: when a client comes back with an older version than it was sent, the gaps behind that
 * version are taken back, since the server is going to decide again what to leave out.
 */
export class Conflation {
  readonly #accounts = new Map<string, Account & { readonly client: number }>();

  /** `size` updates of the channel before `to` were left out when `to` was sent. */
  record(client: number, channel: number, to: number, size: number): void {
    if (size <= 0) return;
    const key = `${client}/${channel}`;
    const account = this.#accounts.get(key) ?? { client, conflated: 0, gaps: [] };
    this.#accounts.set(key, account);
    account.conflated += size;
    account.gaps.push({ to, size });
    if (account.gaps.length > rememberedGaps) account.gaps.shift();
  }

  /** The client says that `after` is the newest version of the channel that it has. */
  resume(client: number, channel: number, after: number): void {
    const account = this.#accounts.get(`${client}/${channel}`);
    while (account?.gaps.length && account.gaps.at(-1)!.to > after) account.conflated -= account.gaps.pop()!.size;
  }

  /** Updates left out, per client. */
  totals(): ReadonlyMap<number, number> {
    const totals = new Map<number, number>();
    for (const { client, conflated } of this.#accounts.values()) {
      totals.set(client, (totals.get(client) ?? 0) + conflated);
    }
    return totals;
  }
}
