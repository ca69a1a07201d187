import { defineScenario } from '../define-scenario.ts';

/**
 * Six symbols with ten screens each. The best price of a liquid symbol changes tens of times a second at unpredictable
 * instants: Poisson at 20 a second. Traders need the current price only, so newer quotes replace older ones (`latest`).
 * 110 bytes hold bid, ask, sizes, volume and venues. Polling twice a second is about as fast as a person reads a
 * changing number.
 */
export const ticker = defineScenario({
  name: 'ticker',
  title: 'Price ticker',
  summary: 'Sixty screens follow six share prices that change about 20 times a second. Only the newest price matters.',
  clients: 60,
  channels: 6,
  origin: 'server',
  arrivals: { kind: 'poisson', perSecond: 20 },
  payload: { kind: 'quotes', bytes: 110 },
  semantics: 'latest',
  encoding: 'json',
  pollIntervalMs: 500,
});
