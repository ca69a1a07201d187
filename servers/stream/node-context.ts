import type { Clock } from '../../machine/process/clock.ts';
import type { Route } from '../../network/route/route.ts';
import type { Codec } from '../../protocol/codec.ts';
import type { Semantics } from '../../protocol/contract-terms.ts';
import type { ExchangeLog } from '../../protocol/exchange.ts';
import type { Limits } from '../../protocol/limits.ts';
import type { Conflation } from './conflation.ts';
import type { Heartbeats } from './heartbeats.ts';
import type { Publications } from './publications.ts';
import type { StateStream } from './state-stream.ts';

/** Counters of a node. */
export type Tally = {
  requests: number;
  emptyAnswers: number;
  heartbeats: number;
  /** How often a reader exceeded the limit of unsent bytes. */
  slowReaders: number;
};

/** State that the four transports of a node share. */
export type NodeContext = {
  readonly stream: StateStream;
  readonly codec: Codec;
  readonly semantics: Semantics;
  /** Whether a publisher receives its own update. */
  readonly echo: boolean;
  readonly heartbeatMs: number;
  readonly limits: Limits;
  /** null: nothing is compressed, whatever a client accepts. */
  readonly compression: Route['compression'];
  readonly clock: Clock;
  readonly heartbeats: Heartbeats;
  readonly conflation: Conflation;
  readonly publications: Publications;
  readonly tally: Tally;
  readonly exchange: ExchangeLog;
  /** Whether other nodes expose the same stream: then a client may briefly be ahead of this node. */
  readonly oneOfSeveral: boolean;
  /** When each client last asked here, in the clock's microseconds; recorded only with several nodes. */
  readonly visits: Map<number, number>;
};
