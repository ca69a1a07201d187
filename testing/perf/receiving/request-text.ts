import { eventsPath, type Subscription, socketPath, subscriptionUrl, updatesPath } from '../../../protocol/routes.ts';
import { subprotocols } from '../../../protocol/socket-messages.ts';
import type { Transport } from '../../../protocol/transport.ts';

const paths: Readonly<Record<Transport, string>> = {
  'short-polling': updatesPath,
  'long-polling': updatesPath,
  sse: eventsPath,
  websocket: socketPath,
};

/** A request without any header that it could do without, as a bare socket sends it. */
export function requestText(transport: Transport, subscription: Subscription): string {
  return `GET ${subscriptionUrl(paths[transport], subscription)} HTTP/1.1\r\nHost: 127.0.0.1:10000\r\n${headersOf(transport)}\r\n`;
}

function headersOf(transport: Transport): string {
  switch (transport) {
    case 'websocket':
      return (
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n' +
        `Sec-WebSocket-Protocol: ${subprotocols.json}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`
      );
    case 'sse':
      return 'Connection: keep-alive\r\nAccept: text/event-stream\r\n';
    default:
      return 'Connection: keep-alive\r\n';
  }
}
