/** From when on which version is due: instants ascend, and so do the versions. */
export type DueVersions = { readonly atUs: readonly number[]; readonly version: readonly number[] };

/** When a client had which version: instants ascend; versions may come out of order. */
export type ReceivedVersions = DueVersions;

export type Window = { readonly startUs: number; readonly endUs: number };

/**
 * Keeps of (intended instant, version) pairs those that make an older version stale: clients' publishes may be accepted
 * in another order than they were intended.
 */
export function dueVersions(intendedUs: readonly number[], versions: readonly number[]): DueVersions {
  const order = [...intendedUs.keys()].sort((a, b) => intendedUs[a]! - intendedUs[b]!);
  const atUs: number[] = [];
  const version: number[] = [];
  for (const row of order) {
    if (versions[row]! <= (version.at(-1) ?? 0)) continue;
    atUs.push(intendedUs[row]!);
    version.push(versions[row]!);
  }
  return { atUs, version };
}

/**
 * Microseconds of the window in which the client's view was not the newest state: from the intended instant of version
 * v+1 until receipt of any version > v, going on if a newer one is due by then.
 *
 * At the start of the window every client is up to date. O(updates + receipts).
 */
export function staleUs(due: DueVersions, received: ReceivedVersions, { startUs, endUs }: Window): number {
  let stale = 0;
  let nowUs = startUs;
  let newestDue = 0;
  let newestHeld = 0;
  let d = 0;
  let r = 0;
  while (nowUs < endUs) {
    const nextDueUs = due.atUs[d] ?? Number.POSITIVE_INFINITY;
    const nextReceiptUs = received.atUs[r] ?? Number.POSITIVE_INFINITY;
    const untilUs = Math.max(nowUs, Math.min(nextDueUs, nextReceiptUs, endUs));
    if (newestDue > newestHeld) stale += untilUs - nowUs;
    nowUs = untilUs;
    if (nextDueUs <= nextReceiptUs) newestDue = Math.max(newestDue, due.version[d++] ?? 0);
    else newestHeld = Math.max(newestHeld, received.version[r++] ?? 0);
  }
  return stale;
}

/** Time until clients knew what happened, over the updates that they came to know. */
export type Knowing = { readonly sumUs: number; readonly updates: number };

/**
 * From the intended instant of each update until receipt of it or of a newer one: how long it stayed unknown. Instants
 * are those of `versions`, which ascend; what is never known is left out (the ledger tells of it). O(updates + receipts).
 */
export function timeToKnow(
  intendedUs: readonly number[],
  versions: readonly number[],
  received: ReceivedVersions,
): Knowing {
  let sumUs = 0;
  let row = 0;
  for (const [r, atUs] of received.atUs.entries()) {
    while (row < versions.length && versions[row]! <= received.version[r]!) sumUs += atUs - intendedUs[row++]!;
  }
  return { sumUs, updates: row };
}
