import { comparedRoutes, type Route } from '../../network/route/route.ts';
import { findScenario, scenarios } from '../../scenarios/catalogue/catalogue.ts';
import { scenarioFields } from '../../scenarios/fields.ts';
import type { Scenario, Times } from '../../scenarios/scenario.ts';
import type { PlannedScenario } from './plan.ts';

export const profileNames = ['smoke', 'quick', 'full', 'paths'] as const;

export type ProfileName = (typeof profileNames)[number];

/** The scenarios that run if none is named, and the times of a scenario. */
export type Profile = {
  readonly name: ProfileName;
  readonly summary: string;
  /** Times of its main scenario, and of scenarios named on the command line. */
  readonly times: Times;
  /** Round-trip time. On bare loopback the gap between two long polls vanishes, and the comparison misleads. */
  readonly rttMs: number;
  /** Its scenarios in order; `times` if they differ from the profile's. */
  readonly scenarios: readonly { readonly name: string; readonly times?: Times }[];
  /** Absent: the direct path alone. */
  readonly routes?: readonly Route[];
};

/**
 * Repeats of a transport against itself. Three blocks make a comparison, so these are four; fewer would not show how
 * often chance looks like a difference.
 */
export const aaRepeats = 12;

const once: Times = { repeats: 1, durationMs: 4_000, warmupMs: 1_000 };
/** Long enough for a poll of the clients that ask every ten seconds. */
const onceInCohorts: Times = { repeats: 1, durationMs: 10_000, warmupMs: 2_000 };

/**
 * In sparse scenarios heartbeats and ended holds dominate. A window of one heartbeat interval holds one of each for
 * every idle client, wherever in the interval its heartbeat falls. The dashboard's window holds one poll of every
 * client.
 */
const sparseWindowsMs: Readonly<Record<string, number>> = {
  notifications: scenarioFields.heartbeatMs.default,
  dashboard: 10_000,
};

export const profiles: Readonly<Record<ProfileName, Profile>> = {
  smoke: {
    name: 'smoke',
    summary: 'chat room, four transports, once and short: does it work here? No verdicts',
    times: { repeats: 1, durationMs: 3_000, warmupMs: 1_000 },
    rttMs: 40,
    scenarios: [{ name: 'chat-room' }],
  },
  quick: {
    name: 'quick',
    summary: 'chat room five times with verdicts; the cost of freshness, online game and live stream once each',
    // CPU scatters between repeats rather than within a window: five of 3 s decide more than three of 5 s.
    times: { repeats: 5, durationMs: 3_000, warmupMs: 5_000 },
    rttMs: 40,
    scenarios: [
      { name: 'chat-room' },
      { name: 'dashboard', times: onceInCohorts },
      { name: 'online-game', times: once },
      { name: 'live-stream', times: once },
    ],
  },
  full: {
    name: 'full',
    summary: 'every scenario five times with verdicts',
    times: { repeats: 5, durationMs: 4_500, warmupMs: 5_000 },
    rttMs: 40,
    scenarios: scenarios.map(({ name }) => ({ name })),
  },
  paths: {
    name: 'paths',
    summary: `chat room three times over each of ${comparedRoutes.length} paths: TLS, NGINX, HTTP/2, browser headers, compression`,
    times: { repeats: 3, durationMs: 4_500, warmupMs: 5_000 },
    rttMs: 40,
    scenarios: [{ name: 'chat-room' }],
    routes: comparedRoutes,
  },
};

export const defaultProfile: ProfileName = 'quick';

/** The scenarios that a profile lists, with their times. */
export function plannedBy(profile: Profile): readonly PlannedScenario[] {
  return profile.scenarios.map(({ name, times }) => {
    const scenario = findScenario(name);
    // A test checks the list above, so this is a mistake in the source, not in the input.
    if (!scenario) throw new Error(`profile ${profile.name}: unknown scenario ${name}`);
    return times ? { scenario, ...times } : withTimesOf(profile, scenario);
  });
}

/** A scenario that the user named, with the profile's times. */
export function withTimesOf(profile: Profile, scenario: Scenario): PlannedScenario {
  // Smoke only checks whether it works, so it keeps its short window.
  const sparse = profile.name === 'smoke' ? undefined : sparseWindowsMs[scenario.name];
  return { scenario, ...profile.times, ...(sparse !== undefined && { durationMs: sparse }) };
}
