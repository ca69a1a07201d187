import { defineScenario } from '../define-scenario.ts';

/**
 * Four matches of ten players. Servers of shooters and racing games tick 20 to 30 times a second; 20 is the gentle end.
 * A tick carries the whole state, 10 players of 30 bytes and a head of 8, so a newer one makes an older one worthless:
 * `latest`. The source is a clock, so arrivals are constant, at a random phase for each match. Players send ten inputs
 * a second, sampled rather than one for each frame, that the server consumes. Polls every 100 ms are already as fast as
 * the inputs; at every tick polling would cost a request for each update and still come half a tick late.
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
