import { implementationOn } from '../../network/route/client-implementation.ts';
import type { ClientContext } from '../subscriber/transport-client.ts';
import { openLeanWebSocket } from './lean-web-socket.ts';
import type { OpenWebSocket } from './web-socket.ts';
import { openWsWebSocket } from './ws-web-socket.ts';

const openers = { lean: openLeanWebSocket, library: openWsWebSocket } as const;

/** What opens the WebSockets of a client. */
export function webSocketOpener({ route, implementation }: ClientContext): OpenWebSocket {
  return openers[implementationOn(route, implementation)];
}
