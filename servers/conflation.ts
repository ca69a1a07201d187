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
  readonly #accounts = new Map<number, Account>();

  /** `size` updates before `to` were left out when `to` was sent. */
  record(client: number, to: number, size: number): void {
    if (size <= 0) return;
    const account = this.#accounts.get(client) ?? { conflated: 0, gaps: [] };
    this.#accounts.set(client, account);
    account.conflated += size;
    account.gaps.push({ to, size });
    if (account.gaps.length > rememberedGaps) account.gaps.shift();
  }

  /** The client says that `after` is the newest version it has. */
  resume(client: number, after: number): void {
    const account = this.#accounts.get(client);
    while (account?.gaps.length && account.gaps.at(-1)!.to > after) account.conflated -= account.gaps.pop()!.size;
  }

  /** Updates left out per client, as pairs. */
  totals(): ReadonlyMap<number, number> {
    return new Map([...this.#accounts].map(([client, { conflated }]) => [client, conflated]));
  }
}
