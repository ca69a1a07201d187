import { createConnection, createServer, type Server } from 'node:net';

/** A run that is going on: its process and the directory of its results; neither is known if it does not answer. */
export type Running = { readonly pid?: number; readonly directory?: string };

/** This machine while a run measures on it. */
export type MachineLock = {
  /** Another run that measures here at the same time, so that each disturbs the other. */
  readonly other: Running | undefined;
  readonly release: () => void;
};

type Answer = Running & { readonly isMeasuring: boolean };

/** Runs that were made to go on beside each other need a place each. */
const places = 8;
const answersWithinMs = 1_000;

/**
 * Marks the network namespace as in use by this run: by a Unix socket with an abstract name (unix(7)), which the kernel
 * gives back however the process ends, and which does not depend on directories. Where the system has no such names,
 * the machine counts as free. Of two runs that begin at the same instant, the one in the lower place goes on.
 */
export async function lockMachine(directory: string, name = 'pvw-running'): Promise<MachineLock> {
  let isMeasuring = false;
  const answer = (): Answer => ({ pid: process.pid, directory, isMeasuring });
  for (let own = 0; own < places; own++) {
    const server = await listenAt(addressOf(name, own), answer);
    if (server === 'taken') continue;
    if (server === 'impossible') break;
    const other = await otherThan(own, name);
    isMeasuring = true;
    return { other, release: () => server.close() };
  }
  return { other: undefined, release: () => {} };
}

/** The run in the lowest other place, without those behind that only begin. */
async function otherThan(own: number, name: string): Promise<Running | undefined> {
  const asked = await Promise.all(
    Array.from({ length: places }, (_, place) => (place === own ? undefined : ask(addressOf(name, place)))),
  );
  return asked.find((answer, place) => answer !== undefined && (answer.isMeasuring || place < own));
}

function addressOf(name: string, place: number): string {
  return `\0${name}-${place}`;
}

function listenAt(path: string, answer: () => Answer): Promise<Server | 'taken' | 'impossible'> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.end(JSON.stringify(answer()));
    });
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'EADDRINUSE' ? 'taken' : 'impossible'));
    try {
      server.listen(path, () => resolve(server.unref()));
    } catch {
      resolve('impossible');
    }
  });
}

/** What the run at this address says of itself; `undefined` if there is none. One that does not answer is measuring. */
function ask(path: string): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const silent: Answer = { isMeasuring: true };
    const socket = createConnection(path).setEncoding('utf8');
    const timer = setTimeout(() => {
      resolve(silent);
      socket.destroy();
    }, answersWithinMs);
    let text = '';
    socket.on('data', (piece: string) => {
      text += piece;
    });
    socket.once('end', () => resolve(answerIn(text) ?? silent));
    socket.on('error', () => resolve(undefined));
    socket.once('close', () => clearTimeout(timer));
  });
}

function answerIn(text: string): Answer | undefined {
  try {
    const { pid, directory, isMeasuring } = JSON.parse(text) as Partial<Answer>;
    return { pid: Number(pid), directory: String(directory), isMeasuring: isMeasuring === true };
  } catch {
    return undefined;
  }
}
