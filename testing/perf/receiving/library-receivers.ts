import { Client } from 'undici';
import { WebSocket } from 'ws';
import { socketPath, subscriptionUrl, updatesPath } from '../../../protocol/routes.ts';
import { subprotocols } from '../../../protocol/socket-messages.ts';
import { channelOf } from '../../../scenarios/scenario.ts';
import { type OpenReceiver, openInTurn } from './receiver.ts';

/** WebSockets of ws, without anything around them. */
export const openWs: OpenReceiver = ({ ports, scenario }, count, samples) => {
  const open = (client: number) =>
    new Promise<void>((resolve, reject) => {
      const path = subscriptionUrl(socketPath, { channel: channelOf(scenario, client), client });
      const url = `ws://127.0.0.1:${ports[client % ports.length]}${path}`;
      const webSocket = new WebSocket(url, [subprotocols.json], { perMessageDeflate: false });
      webSocket.on('open', resolve);
      webSocket.on('error', reject);
      webSocket.on('message', (data) => {
        count.deliveries++;
        samples.pushed(data as Buffer);
      });
    });
  return { ready: openInTurn(scenario.clients, open), poll: () => {} };
};

/** Requests by undici's `dispatch`, its fastest way, on a connection for each client. */
export const openUndici: OpenReceiver = ({ ports, transport, scenario }, count, samples) => {
  const clients = Array.from(
    { length: scenario.clients },
    (_, client) =>
      new Client(`http://127.0.0.1:${ports[client % ports.length]}`, {
        pipelining: 1,
        headersTimeout: 0,
        bodyTimeout: 0,
      }),
  );
  const ask = (client: number) => {
    const path = subscriptionUrl(updatesPath, { channel: channelOf(scenario, client), client, after: 1234 });
    clients[client]!.dispatch(
      { method: 'GET', path },
      {
        onRequestStart: () => {},
        onResponseStart: () => {},
        onResponseData: () => {},
        onResponseEnd: () => {
          count.deliveries++;
          if (transport === 'long-polling') ask(client);
          else samples.answered(client);
        },
        onResponseError: () => {},
      },
    );
  };
  if (transport === 'long-polling') for (const client of clients.keys()) ask(client);
  return { ready: Promise.resolve(), poll: ask };
};
