import { defineScenario } from '../define-scenario.ts';

/**
 * Six symbols, ten screens on each. A liquid symbol changes its best price tens of times a second, at instants nobody
 * can foresee: Poisson at 20 a second. Who trades wants the price of now, not those it had on the way, so newer quotes
 * replace older ones. 110 bytes are bid, ask, sizes, volume and venues. Polling twice a second is about as fast as a
 * person reads a changing number.
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
