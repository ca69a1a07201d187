import type { Scenario } from '../scenario.ts';
import { chatRoom } from './chat-room.ts';
import { crowd, idleCrowd } from './crowd.ts';
import { dashboard } from './dashboard.ts';
import { liveStream } from './live-stream.ts';
import { notifications } from './notifications.ts';
import { onlineGame } from './online-game.ts';
import { presence } from './presence.ts';
import { ticker } from './ticker.ts';

/** The scenarios of profiles, in the order of lists and reports. */
export const scenarios: readonly Scenario[] = [
  chatRoom,
  dashboard,
  onlineGame,
  liveStream,
  ticker,
  notifications,
  presence,
];

/** Scenarios too large for a profile: they run only if they are named. */
export const largeScenarios: readonly Scenario[] = [crowd, idleCrowd];

/** All built-in scenarios. */
export const allScenarios: readonly Scenario[] = [...scenarios, ...largeScenarios];

export function findScenario(name: string): Scenario | undefined {
  return allScenarios.find((scenario) => scenario.name === name);
}
