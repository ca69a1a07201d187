import type { Socket } from 'node:net';
import { channelOf } from '../../../scenarios/scenario.ts';
import { openBareSocket } from './net-receiver.ts';
import { type OpenReceiver, openInTurn } from './receiver.ts';
import { requestText } from './request-text.ts';

const waitMs = 60_000;
/** The version of each update, in front of its instant and channel. */
const fronts = /\[(\d+),\d+,\d+,/g;

/**
 * Bare sockets that poll a server as clients do, each with the version that it has: a long poll waits for the next one,
 * a short poll asks for the one before again, so that there is always an answer.
 */
export const openFollowing: OpenReceiver = ({ ports, transport, scenario }, count, samples) => {
  const isLong = transport === 'long-polling';
  const sockets: Socket[] = [];
  const newest = new Map<number, number>();
  const ask = (client: number) => {
    const version = newest.get(client);
    const subscription = {
      channel: channelOf(scenario, client),
      client,
      ...(version !== undefined && { after: isLong ? version : version - 1 }),
      ...(isLong && { waitMs }),
    };
    sockets[client]!.write(requestText(transport, subscription), 'latin1');
  };
  const onBytes = (client: number) => (bytes: number, buffer: Buffer) => {
    count.bytes += bytes;
    count.deliveries++;
    for (const [, version] of buffer.toString('latin1', 0, bytes).matchAll(fronts)) newest.set(client, Number(version));
    if (isLong) {
      samples.pushed(buffer, bytes);
      ask(client);
    } else {
      samples.answered(client);
    }
  };
  const open = async (client: number) => {
    sockets[client] = await openBareSocket(ports[client % ports.length]!, onBytes(client));
    if (isLong) ask(client);
  };
  return { ready: openInTurn(scenario.clients, open), poll: ask };
};
