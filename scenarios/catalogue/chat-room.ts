import { defineScenario } from '../define-scenario.ts';

/**
 * Ten rooms of ten people: a mid-sized company on a weekday. One message a second in a room is a lively discussion,
 * where a message late or lost is noticed, so every one counts, and people write at instants of their own: Poisson. 120
 * bytes are a name and a sentence. The writer gets the message back, which is how chat programs show that it was
 * accepted. Polling once a second is what a chat without push would do: any slower and a conversation stumbles.
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
