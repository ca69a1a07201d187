import { connect, type Socket } from 'node:net';
import { channelOf } from '../../../scenarios/scenario.ts';
import { type OpenReceiver, openInTurn, polls } from './receiver.ts';
import { requestText } from './request-text.ts';

const readBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/** Any version that the bare sender is to answer with the next one. */
const after = 1234;

/** A socket that reads into the one buffer of all. `onBytes` gets the length of what has come. Resolves once connected. */
export function openBareSocket(port: number, onBytes: (bytes: number, buffer: Buffer) => void): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (bytes) => {
          onBytes(bytes, readBuffer);
          return true;
        },
      },
    });
    socket.once('error', reject);
    socket.once('connect', () => resolve(socket));
  });
}

/** The least that Node.js can do: one buffer for all sockets, no stream, nothing parsed. */
export const openNet: OpenReceiver = ({ ports, transport, scenario }, count, samples) => {
  const asks = polls({ transport });
  const sockets: Socket[] = [];
  const texts = Array.from({ length: scenario.clients }, (_, client) =>
    requestText(transport, { channel: channelOf(scenario, client), client, ...(asks && { after }) }),
  );
  const onBytes = (client: number) => (bytes: number, buffer: Buffer) => {
    count.bytes += bytes;
    if (!asks) {
      samples.pushed(buffer, bytes);
      return;
    }
    // An answer comes whole, in one read.
    count.deliveries++;
    if (transport === 'long-polling') sockets[client]!.write(texts[client]!, 'latin1');
    else samples.answered(client);
  };
  const open = async (client: number) => {
    const socket = await openBareSocket(ports[client % ports.length]!, onBytes(client));
    sockets[client] = socket;
    if (transport !== 'short-polling') socket.write(texts[client]!, 'latin1');
  };
  return {
    ready: openInTurn(scenario.clients, open),
    poll: (client) => void sockets[client]!.write(texts[client]!, 'latin1'),
  };
};
