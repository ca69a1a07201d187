import type { ClientLedger } from '../../clients/subscriber/ledger.ts';
import type { AcceptedUpdates } from '../../protocol/accepted-updates.ts';
import type { Semantics } from '../../protocol/contract-terms.ts';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import type { ServerLedger } from '../../servers/main/main.ts';

/** The ledgers of both sides at one quiet edge. */
export type Books = { readonly clients: readonly ClientLedger[]; readonly server: ServerLedger };

export type Ledger = CompletedTrial['ledger'];

const shownFaults = 20;

/**
 * Balances the books of a window. For every client expected = received + conflated must hold: clients count what they
 * received, servers what they conflated. Imbalances are listed in `faults` and never corrected.
 *
 * `updates`: those that the server accepted in the window. Without `echo` a client does not expect its own.
 */
export function settleLedger(
  before: Books,
  after: Books,
  updates: AcceptedUpdates,
  { semantics, echo }: { readonly semantics: Semantics; readonly echo: boolean },
): Ledger {
  const own = echo ? new Map<string, number>() : countOwn(updates);
  const earlier = new Map(before.clients.map((ledger) => [ledger.client, ledger]));
  const total = { expected: 0, received: 0, conflated: 0, lost: 0, duplicated: 0, outOfOrder: 0 };
  const faults: string[] = [];
  let clientsOutOfBalance = 0;

  for (const ledger of after.clients) {
    const was = earlier.get(ledger.client)!;
    const { client, channel } = ledger;
    const entry: Entry = {
      expected: after.server.heads[channel]! - before.server.heads[channel]! - (own.get(`${client}/${channel}`) ?? 0),
      received: ledger.received - was.received,
      missing: ledger.missing - was.missing,
      conflated: (after.server.conflated.get(client) ?? 0) - (before.server.conflated.get(client) ?? 0),
      duplicated: ledger.duplicated - was.duplicated,
      outOfOrder: ledger.outOfOrder - was.outOfOrder,
    };
    total.expected += entry.expected;
    total.received += entry.received;
    total.conflated += entry.conflated;
    total.lost += Math.max(0, entry.expected - entry.received - entry.conflated);
    total.duplicated += entry.duplicated;
    total.outOfOrder += entry.outOfOrder;
    const found = faultsOf(entry, semantics);
    if (found.length === 0) continue;
    clientsOutOfBalance++;
    faults.push(`client ${client}, channel ${channel}: ${found.join('; ')}`);
  }
  return { ...total, clientsOutOfBalance, faults: faults.slice(0, shownFaults) };
}

type Entry = {
  readonly expected: number;
  readonly received: number;
  readonly missing: number;
  readonly conflated: number;
  readonly duplicated: number;
  readonly outOfOrder: number;
};

function faultsOf(entry: Entry, semantics: Semantics): readonly string[] {
  const { expected, received, missing, conflated, duplicated, outOfOrder } = entry;
  const unsettled = expected - received - conflated;
  const faults: string[] = [];
  if (semantics === 'every' && conflated > 0) faults.push(`${conflated} conflated where every update counts`);
  if (semantics === 'latest' && missing > conflated) {
    faults.push(`${missing - conflated} left out without being counted: silently conflated or lost`);
  } else if (unsettled > 0) {
    faults.push(`${unsettled} lost`);
  }
  // The sum can balance although the versions are wrong: the client saw a gap although it lacks nothing.
  if (semantics === 'every' && missing > Math.max(0, unsettled)) {
    faults.push(`${missing - Math.max(0, unsettled)} versions jumped over that were never given`);
  }
  if (missing < conflated) faults.push(`${conflated - missing} counted as conflated, yet received or never due`);
  if (unsettled < 0 && missing >= conflated) faults.push(`${-unsettled} more received than there were`);
  if (duplicated > 0) faults.push(`${duplicated} duplicated`);
  if (outOfOrder > 0) faults.push(`${outOfOrder} out of order`);
  return faults;
}

function countOwn({ channel, publisher }: AcceptedUpdates): Map<string, number> {
  const own = new Map<string, number>();
  for (const [row, client] of publisher.entries()) {
    const key = `${client}/${channel[row]!}`;
    own.set(key, (own.get(key) ?? 0) + 1);
  }
  return own;
}
