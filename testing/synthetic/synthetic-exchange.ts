import type { Exchange } from '../../results/schema/schema.ts';
import type { Spot } from './synthetic-spot.ts';

type Event = Exchange['events'][number];

const instantsMs = [300, 1_450, 1_500, 2_800];

/** For tests only: the exchange of four updates in three seconds over each transport. */
export function syntheticExchange({ scenario, transport, rttMs }: Spot): Exchange {
  const updates = instantsMs.map((intendedMs, index) => ({
    version: index + 1,
    intendedMs,
    acceptedMs: intendedMs + 1,
    own: false,
  }));
  const wayMs = rttMs / 2 + 0.5;
  const events =
    transport === 'short-polling'
      ? polls(scenario.pollIntervalMs, wayMs)
      : transport === 'long-polling'
        ? heldPolls(wayMs)
        : updates.flatMap(({ version, acceptedMs }) => bothSides('update', acceptedMs, wayMs, version));
  return { completeMs: 4_000, events: [...events].sort((a, b) => a.atMs - b.atMs), updates };
}

function polls(intervalMs: number, wayMs: number): readonly Event[] {
  const starts = Array.from({ length: Math.floor(3_500 / intervalMs) }, (_, k) => 200 + k * intervalMs);
  return starts.flatMap((atMs, k) => {
    const answeredMs = atMs + wayMs + 0.2;
    const seen = versionAt(answeredMs);
    const earlier = k === 0 ? 0 : versionAt(starts[k - 1]! + wayMs + 0.2);
    return [...asked(atMs, wayMs), ...bothSides('answer', answeredMs, wayMs, seen > earlier ? seen : null)];
  });
}

function heldPolls(wayMs: number): readonly Event[] {
  const events: Event[] = [];
  let askedMs = -50;
  let held = 0;
  for (const intendedMs of instantsMs) {
    const answeredMs = Math.max(intendedMs + 1, askedMs + wayMs);
    const version = versionAt(answeredMs);
    if (version <= held) continue;
    held = version;
    events.push(...asked(askedMs, wayMs), ...bothSides('answer', answeredMs, wayMs, version));
    askedMs = answeredMs + wayMs + 0.3;
  }
  return [...events, ...asked(askedMs, wayMs)];
}

function versionAt(ms: number): number {
  return instantsMs.filter((intendedMs) => intendedMs + 1 <= ms).length;
}

function asked(atMs: number, wayMs: number): readonly Event[] {
  return [
    { side: 'client', kind: 'request', atMs, version: null },
    { side: 'server', kind: 'request', atMs: atMs + wayMs, version: null },
  ];
}

function bothSides(kind: 'answer' | 'update', sentMs: number, wayMs: number, version: number | null): readonly Event[] {
  return [
    { side: 'server', kind, atMs: sentMs, version },
    { side: 'client', kind, atMs: sentMs + wayMs, version },
  ];
}
