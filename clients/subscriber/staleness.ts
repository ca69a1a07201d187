/** The instants from which each version is due; instants and versions both ascend. */
export type DueVersions = { readonly atUs: readonly number[]; readonly version: readonly number[] };

/** The instants at which a client received versions. Instants ascend; versions may be out of order. */
export type ReceivedVersions = DueVersions;

/** The measured window, in the clock's microseconds; `endUs` is exclusive. */
export type Window = { readonly startUs: number; readonly endUs: number };

/**
 * Keeps the (intended instant, version) pairs that make an older version stale. Clients' publishes may be accepted out
 * of intended order.
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
 * v+1 until receipt of any version > v; it continues if a newer version is due by then.
 * Every client counts as up to date at the start of the window. O(updates + receipts).
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

/** Sum of the times until clients knew updates, in microseconds, and the number of updates that became known. */
export type Knowing = { readonly sumUs: number; readonly updates: number };

/**
 * Sums the times from the intended instant of each update until receipt of it or a newer one. `intendedUs[i]` belongs
 * to `versions[i]`; versions ascend. Updates that never became known are excluded; the ledger counts them. O(updates +
 * receipts).
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
