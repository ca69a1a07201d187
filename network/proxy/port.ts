import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const againAfterMs = 20;

/** A port that is free on this address. Another process may take it before it is used. */
export async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Whether a server accepts connections there. */
export async function answers(host: string, port: number): Promise<boolean> {
  const socket = connect(port, host);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Whether a child that was just started accepts connections within `withinMs`. False at once when the child ends. */
export async function comesToListen(
  child: ChildProcess,
  host: string,
  port: number,
  withinMs: number,
): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (!(await answers(host, port))) {
    if (child.exitCode !== null || child.signalCode !== null || performance.now() > deadline) return false;
    await sleep(againAfterMs);
  }
  return true;
}
