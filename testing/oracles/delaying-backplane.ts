import { connect, createServer, type Socket } from 'node:net';
import { type Alarm, createAlarm } from '../../machine/process/alarm.ts';
import type { Clock } from '../../machine/process/clock.ts';
import { codecs } from '../../protocol/codec.ts';

export type DelayingBackplane = { readonly close: () => Promise<void> };

type Held = { readonly dueUs: number; readonly record: Buffer };

/**
 * Sits between the source and a server. It forwards each update exactly `delayMs` after its *intended* instant, however
 * late the source was, so the server has exactly this constant delay.
 *
 * `listenPath`: where the source connects; `serverPath`: where the server listens by then.
 */
export async function startDelayingBackplane(
  listenPath: string,
  serverPath: string,
  delayMs: number,
  clock: Clock,
): Promise<DelayingBackplane> {
  const held: Held[] = [];
  const open = new Set<Socket>();
  const connectServer = () => {
    const socket = connect(serverPath);
    open.add(socket);
    // The server has ended. The trial itself reports that.
    socket.on('error', () => socket.destroy());
    return socket;
  };
  let upstream: Socket | undefined;
  const release = () => {
    while (held[0] && held[0].dueUs <= clock.nowUs()) upstream!.write(held.shift()!.record);
    alarm.set(held[0]?.dueUs ?? Number.POSITIVE_INFINITY);
  };
  const alarm: Alarm = createAlarm(clock, release);
  const server = createServer((source) => {
    open.add(source);
    upstream = connectServer();
    readRecords(source, (record) => {
      held.push({ dueUs: codecs.binary.intendedUsOf(record.subarray(4)) + delayMs * 1000, record });
      if (held.length === 1) release();
    });
    source.on('error', () => source.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listenPath, resolve);
  });
  return {
    close: async () => {
      for (const socket of open) socket.destroy();
      await Promise.all([new Promise((resolve) => server.close(resolve)), alarm.close()]);
    },
  };
}

/** Calls `onRecord` for each complete backplane record, including the u32 in front that holds its length. */
function readRecords(socket: Socket, onRecord: (record: Buffer) => void): void {
  let bytes: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32BE(0)) {
      const end = 4 + bytes.readUInt32BE(0);
      onRecord(bytes.subarray(0, end));
      bytes = bytes.subarray(end);
    }
  });
}
