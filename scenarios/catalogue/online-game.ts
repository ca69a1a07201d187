import { defineScenario } from '../define-scenario.ts';

/**
 * Four matches of ten players. Servers of shooters and racing games tick 20 to 30 times a second; this takes 20. A tick
 * carries the whole state, a header of 8 bytes and 30 bytes per player, so a newer one makes older ones worthless
 * (`latest`). The source is a clock: constant arrivals, with a random phase per match. Players send ten inputs a
 * second, sampled rather than per frame, which the server consumes. Polling every 100 ms is as fast as the inputs;
 * polling at every tick would cost a request per update and still be half a tick late.
 */
export const onlineGame = defineScenario({
  name: 'online-game',
  title: 'Online game',
  summary:
    'Four matches of ten players. The server sends everyone’s position 20 times a second; only the newest matters.',
  clients: 40,
  channels: 4,
  origin: 'server',
  arrivals: { kind: 'constant', perSecond: 20 },
  payload: { kind: 'player-positions', bytes: 308 },
  semantics: 'latest',
  encoding: 'binary',
  inputs: { arrivals: { kind: 'constant', perSecond: 10 }, payload: { kind: 'player-input', bytes: 24 } },
  pollIntervalMs: 100,
});
