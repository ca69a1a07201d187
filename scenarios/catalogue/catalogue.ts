import type { Scenario } from '../scenario.ts';
import { chatRoom } from './chat-room.ts';
import { dashboard } from './dashboard.ts';
import { liveStream } from './live-stream.ts';
import { notifications } from './notifications.ts';
import { onlineGame } from './online-game.ts';
import { presence } from './presence.ts';
import { ticker } from './ticker.ts';

/** The built-in scenarios in the order of lists and reports. */
export const scenarios: readonly Scenario[] = [
  chatRoom,
  dashboard,
  onlineGame,
  liveStream,
  ticker,
  notifications,
  presence,
];

export function findScenario(name: string): Scenario | undefined {
  return scenarios.find((scenario) => scenario.name === name);
}
