import { defineScenario } from '../define-scenario.ts';

/**
 * Ten rooms of ten people: a mid-sized company on a weekday. One message a second in a room is a lively discussion. A
 * late or lost message is noticed, so every one counts (`every`). People write independently of each other: Poisson.
 * 120 bytes hold a name and a sentence. The writer gets the message back (echo): chat programs use that to show that it
 * was accepted. A chat without push would poll once a second; conversation stumbles at slower rates.
 */
export const chatRoom = defineScenario({
  name: 'chat-room',
  title: 'Chat room',
  summary: 'A hundred people talk in ten rooms. Everyone in a room should see each message at once, and miss none.',
  clients: 100,
  channels: 10,
  origin: 'client',
  arrivals: { kind: 'poisson', perSecond: 1 },
  payload: { kind: 'chat-text', bytes: 120 },
  semantics: 'every',
  encoding: 'json',
  echo: true,
  pollIntervalMs: 1000,
});
