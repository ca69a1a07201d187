import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Via } from '../../network/route/via.ts';
import { type Answer, beginRequest, get, post } from '../../network/route/via-request.ts';
import { codecs } from '../../protocol/codec.ts';
import { eventsPath, publishUrl, socketPath, subscriptionUrl, updatesPath } from '../../protocol/routes.ts';
import { subprotocols } from '../../protocol/socket-messages.ts';
import type { Transport } from '../../protocol/transport.ts';
import { plainText } from '../../text/plain-text.ts';
import { reasonOf } from '../../text/reason.ts';
import { UsageError } from '../../text/usage-error.ts';

/** The user's URL, and pvw's servers behind it, to which requests through the URL should lead. */
export type Trying = {
  readonly via: Via;
  /** Text that every update of these servers contains. */
  readonly word: string;
  /** Makes each server emit one more update. */
  readonly emit: () => void;
  /** Version of the newest update. */
  readonly head: () => number;
};

/** Time from a request to the update that answers it, so that the request arrives first. */
const emitAfterMs = 500;
/** Characters of a stream that are kept while an event is awaited. */
const mostText = 1024 * 1024;
/** Data that has not arrived by then counts as held back. */
const arrivesWithinMs = 5_000;

/**
 * Tries one transport as its clients would use it. Throws `UsageError` with what was tried, what happened, and what to
 * look at.
 */
export function passesThrough(transport: Transport, trying: Trying): Promise<void> {
  return trials[transport](trying);
}

const trials: Readonly<Record<Transport, (trying: Trying) => Promise<void>>> = {
  'short-polling': tryPoll,
  'long-polling': tryHold,
  sse: tryStream,
  websocket: trySocket,
};

async function tryPoll({ via, head }: Trying): Promise<void> {
  const path = subscriptionUrl(updatesPath, { channel: 0, after: head() });
  const { status } = await get(via, path).catch(refusedBy(via, `GET ${path}`));
  if (status !== 204) throw refused(via, `GET ${path}`, `it answered ${status} instead of 204; does it keep a cache?`);
}

async function tryHold({ via, word, emit, head }: Trying): Promise<void> {
  const path = subscriptionUrl(updatesPath, { channel: 0, after: head(), waitMs: 2 * arrivesWithinMs });
  const timer = setTimeout(emit, emitAfterMs);
  try {
    const answer = await get(via, path, arrivesWithinMs).catch(refusedBy(via, `GET ${path}`));
    const { status, body } = answer;
    if (status === 200) assertPlain(answer, via, `GET ${path}`);
    if (status === 200 && body.includes(word)) return;
    throw refused(via, `GET ${path}`, `it answered ${status} instead of holding until there was an update`);
  } finally {
    clearTimeout(timer);
  }
}

async function tryStream(trying: Trying): Promise<void> {
  const { via, word, emit, head } = trying;
  const path = subscriptionUrl(eventsPath, { channel: 0, after: head() });
  const timer = setTimeout(emit, emitAfterMs);
  try {
    const came = await firstOfStream(via, path, word).catch(refusedBy(via, `GET ${path}`));
    if (came !== undefined) throw refused(via, `GET ${path}`, came);
  } finally {
    clearTimeout(timer);
  }
}

/** Describes what arrived instead of an event while the response was open; undefined if the event arrived. */
function firstOfStream(via: Via, path: string, word: string): Promise<string | undefined> {
  return new Promise((came, failed) => {
    const request = beginRequest(via, { path, headers: { accept: 'text/event-stream' } }, (response) => {
      let text = '';
      const { statusCode, headers } = response;
      const encoding = headers['content-encoding'];
      if (statusCode !== 200) finish(`it answered ${statusCode} instead of a stream`);
      else if (encoding !== undefined) finish(`it answered with ${unasked(encoding)}`);
      response.setEncoding('utf8').on('data', (piece: string) => {
        // Enough for the word, however long the stream is.
        text = (text + piece).slice(-mostText);
        if (text.includes(word)) finish(undefined);
      });
      response.once('end', () => finish('it ended the stream'));
      response.once('error', failed);
    });
    const finish = (said: string | undefined) => {
      clearTimeout(timer);
      came(said);
      request.destroy();
    };
    const held = `no event came within ${arrivesWithinMs / 1000} s: it buffers (in NGINX: proxy_buffering off)`;
    const timer = setTimeout(() => finish(held), emitAfterMs + arrivesWithinMs);
    request.once('upgrade', ({ statusCode }, socket) => {
      socket.destroy();
      finish(`it answered ${statusCode} instead of a stream`);
    });
    request.once('close', () => finish('it closed the connection'));
    request.on('error', (error) => {
      clearTimeout(timer);
      failed(error);
    });
    request.end();
  });
}

async function trySocket({ via, word, emit, head }: Trying): Promise<void> {
  const path = subscriptionUrl(socketPath, { channel: 0, after: head() });
  const url = `${via.encrypted ? 'wss' : 'ws'}://${via.host}:${via.port}${path}`;
  const socket = new WebSocket(url, [subprotocols.json], {
    perMessageDeflate: false,
    handshakeTimeout: arrivesWithinMs,
    maxPayload: mostText,
  });
  let emitting: NodeJS.Timeout | undefined;
  try {
    const came = await Promise.race([
      new Promise<string>((said) => {
        socket.once('unexpected-response', (_request, { statusCode }) =>
          said(`it answered ${statusCode} instead of 101; it has to pass on Upgrade and Connection`),
        );
        socket.once('error', (error) => said(error.message));
        socket.once('close', (code) => said(`it closed the connection (${code})`));
      }),
      new Promise<undefined>((arrived) => {
        socket.once('open', () => {
          emitting = setTimeout(emit, emitAfterMs);
        });
        socket.on('message', (data: Buffer) => {
          if (data.toString('utf8').includes(word)) arrived(undefined);
        });
      }),
      sleep(emitAfterMs + arrivesWithinMs, `no message came within ${arrivesWithinMs / 1000} s`, { ref: false }),
    ]);
    if (came !== undefined) throw refused(via, `GET ${path} with Upgrade`, came);
  } finally {
    clearTimeout(emitting);
    socket.on('error', () => {}).terminate();
  }
}

/** Tries a publish as the clients of all transports but WebSocket would make it. Throws as `passesThrough`. */
export async function publishesPass({ via, word }: Trying): Promise<void> {
  const path = publishUrl(0);
  const update = { version: 1, channel: 0, intendedUs: 0, payload: Buffer.from(JSON.stringify(word)) };
  const { contentType, encode } = codecs.json;
  const answer = await post(via, path, contentType, encode(update)).catch(refusedBy(via, `POST ${path}`));
  if (answer.status !== 200) throw refused(via, `POST ${path}`, `it answered ${answer.status} instead of 200`);
  assertPlain(answer, via, `POST ${path}`);
}

function assertPlain({ encoding }: Answer, via: Via, tried: string): void {
  if (encoding !== undefined) throw refused(via, tried, `it answered with ${unasked(encoding)}`);
}

/** Some proxies and tunnels compress all responses, requested or not. */
export function unasked(encoding: string): string {
  return `content-encoding ${plainText(encoding).slice(0, 40)}, which was not asked for`;
}

function refused({ url }: Via, tried: string, came: string): UsageError {
  return new UsageError(`--via: ${url} reaches the server, and not everything passes: tried ${tried}; ${came}`);
}

function refusedBy(via: Via, tried: string): (error: unknown) => never {
  return (error) => {
    throw refused(via, tried, reasonOf(error));
  };
}
