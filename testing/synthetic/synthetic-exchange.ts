import type { Exchange } from '../../results/schema/schema.ts';
import type { Spot } from './synthetic-spot.ts';

type Event = Exchange['events'][number];

const instantsMs = [300, 1_450, 1_500, 2_800];

/** The update that the client itself publishes where clients are the origin. */
const ownVersion = 2;
const inputInstantsMs = [700, 1_200, 2_200];

type Publish = NonNullable<Exchange['publishes']>[number];

/** For tests only: the exchange of four updates in three seconds over each transport, and of what the client sends. */
export function syntheticExchange({ scenario, transport, rttMs }: Spot): Exchange {
  const wayMs = rttMs / 2 + 0.5;
  const isByClients = scenario.origin === 'client';
  const updates = instantsMs.map((intendedMs, index) => ({
    version: index + 1,
    intendedMs,
    acceptedMs: intendedMs + (isByClients ? wayMs : 1),
    own: isByClients && index + 1 === ownVersion,
  }));
  const acceptedMs = updates.map((update) => update.acceptedMs);
  const events =
    transport === 'short-polling'
      ? polls(acceptedMs, scenario.pollIntervalMs, wayMs)
      : transport === 'long-polling'
        ? heldPolls(acceptedMs, wayMs)
        : updates.flatMap((update) => bothSides('update', update.acceptedMs, wayMs, update.version));
  const publish = (kind: Publish['kind'], sentMs: number, version: number): Publish => {
    const answeredMs = sentMs + wayMs;
    return { kind, sentMs, version, acceptedMs: answeredMs, answeredMs, acknowledgedMs: answeredMs + wayMs };
  };
  const publishes = [
    ...updates.filter(({ own }) => own).map(({ version, intendedMs }) => publish('update', intendedMs, version)),
    ...(scenario.inputs ? inputInstantsMs : []).map((ms, index) => publish('input', ms, index + 1)),
  ];
  return { completeMs: 4_000, events: [...events].sort((a, b) => a.atMs - b.atMs), updates, publishes };
}

function polls(acceptedMs: readonly number[], intervalMs: number, wayMs: number): readonly Event[] {
  const starts = Array.from({ length: Math.floor(3_500 / intervalMs) }, (_, k) => 200 + k * intervalMs);
  return starts.flatMap((atMs, k) => {
    const answeredMs = atMs + wayMs + 0.2;
    const seen = versionAt(acceptedMs, answeredMs);
    const earlier = k === 0 ? 0 : versionAt(acceptedMs, starts[k - 1]! + wayMs + 0.2);
    return [...asked(atMs, wayMs), ...bothSides('answer', answeredMs, wayMs, seen > earlier ? seen : null)];
  });
}

function heldPolls(acceptedMs: readonly number[], wayMs: number): readonly Event[] {
  const events: Event[] = [];
  let askedMs = -50;
  let held = 0;
  for (const ms of acceptedMs) {
    const answeredMs = Math.max(ms, askedMs + wayMs);
    const version = versionAt(acceptedMs, answeredMs);
    if (version <= held) continue;
    held = version;
    events.push(...asked(askedMs, wayMs), ...bothSides('answer', answeredMs, wayMs, version));
    askedMs = answeredMs + wayMs + 0.3;
  }
  return [...events, ...asked(askedMs, wayMs)];
}

function versionAt(acceptedMs: readonly number[], ms: number): number {
  return acceptedMs.filter((accepted) => accepted <= ms).length;
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
