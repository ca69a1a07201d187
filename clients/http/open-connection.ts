import { implementationOn } from '../../network/route/client-implementation.ts';
import type { ClientContext } from '../subscriber/transport-client.ts';
import type { ConnectionEvents, HttpConnection } from './http-connection.ts';
import { openLeanConnection } from './lean-connection.ts';
import { openUndiciConnection } from './undici-connection.ts';

const openers = { lean: openLeanConnection, library: openUndiciConnection } as const;

/** Prepares a client's connection; its first request opens it. */
export function openHttpConnection(context: ClientContext, events: ConnectionEvents): HttpConnection {
  return openers[implementationOn(context.route, context.implementation)](context, events);
}
