import type { Transport } from '../../../protocol/transport.ts';
import type { Conditions, Expectation } from './conditions.ts';
import { longPolling } from './long-polling.ts';
import { shortPolling } from './short-polling.ts';
import { stream } from './stream.ts';

const models: Readonly<Record<Transport, (conditions: Conditions) => Expectation>> = {
  'short-polling': shortPolling,
  'long-polling': longPolling,
  sse: stream,
  websocket: stream,
};

export function expectationOf(transport: Transport, conditions: Conditions): Expectation {
  return models[transport](conditions);
}
