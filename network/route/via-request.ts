import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { ViaUrl } from './via.ts';

/** An answer through the user's path. */
export type Answer = {
  readonly status: number;
  /** The first 2,000 characters. */
  readonly body: string;
  /** The answer's `Server` header. */
  readonly server: string | undefined;
  /** The answer's `Content-Encoding`; our requests ask for none. */
  readonly encoding: string | undefined;
};

/** No answer came; the message says why in a few words. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

const answerWithinMs = 5_000;
const keptBodyCharacters = 2_000;

/** One GET on a connection of its own. Rejects with `Unanswered`, also when the signal is aborted. */
export function get(via: ViaUrl, path: string, withinMs = answerWithinMs, signal?: AbortSignal): Promise<Answer> {
  return ask(via, { method: 'GET', path, ...(signal && { signal }) }, undefined, withinMs);
}

/** One POST on a connection of its own. Rejects with `Unanswered`. */
export function post(via: ViaUrl, path: string, contentType: string, body: Uint8Array): Promise<Answer> {
  const headers = { 'content-type': contentType, 'content-length': body.length };
  return ask(via, { method: 'POST', path, headers }, body, answerWithinMs);
}

/** Begins one request on a connection of its own, over TLS if the URL is https. */
export function beginRequest(
  { host, port, encrypted }: ViaUrl,
  question: RequestOptions,
  onResponse: (response: IncomingMessage) => void,
): ClientRequest {
  const options = { host, port, ...question, agent: false } as const;
  // The TLS version of a trial's clients.
  return encrypted ? httpsRequest({ ...options, minVersion: 'TLSv1.3' }, onResponse) : httpRequest(options, onResponse);
}

function ask(via: ViaUrl, question: RequestOptions, body: Uint8Array | undefined, withinMs: number): Promise<Answer> {
  return new Promise((answered, failed) => {
    const request = beginRequest(via, question, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        text = (text + piece).slice(0, keptBodyCharacters);
      });
      response.once('end', () => {
        const { server, 'content-encoding': encoding } = response.headers;
        answered({ status: response.statusCode ?? 0, body: text, server: [server].flat()[0], encoding });
      });
      response.once('error', (error) => failed(unanswered(error)));
    });
    const timer = setTimeout(() => {
      failed(new Unanswered(`no answer within ${withinMs / 1000} s`));
      request.destroy();
    }, withinMs);
    // Sent unasked; without this, Node.js closes the connection and says nothing.
    request.once('upgrade', ({ statusCode, headers: { server } }, socket) => {
      socket.destroy();
      answered({ status: statusCode ?? 0, body: '', server: [server].flat()[0], encoding: undefined });
    });
    request.once('close', () => {
      clearTimeout(timer);
      // Without effect after an answer or an error.
      failed(new Unanswered('the connection was closed before an answer came'));
    });
    request.on('error', (error) => failed(unanswered(error)));
    request.end(body);
  });
}

/** Messages for the most frequent error codes. */
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the host could not be looked up',
  EHOSTUNREACH: 'there is no route to the host',
  ETIMEDOUT: 'no connection came about',
  EPROTO: 'it does not speak TLS 1.3',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'it does not speak TLS 1.3',
};

/** Error codes of certificates that are not trusted here. */
const untrusted = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_UNTRUSTED)/;

function unanswered(error: NodeJS.ErrnoException): Unanswered {
  const code = error.code ?? '';
  if (untrusted.test(code)) {
    return new Unanswered(`its certificate is not trusted (${code}); set NODE_EXTRA_CA_CERTS to the file of its CA`);
  }
  return new Unanswered(reasons[code] ?? (error.message || code));
}
