import { gzipSync } from 'node:zlib';
import { acceptsGzip } from './compression.ts';
import type { HttpResponse } from './endpoint.ts';
import { thresholdBytes } from './stream/deflated-part.ts';
import type { NodeContext } from './stream/node-context.ts';
import type { RetainedUpdate } from './stream/retained-update.ts';

// The complete set of answer headers: those below, Content-Encoding when compressed, and Node's Date and, over
// HTTP/1.1, Connection and Keep-Alive. Vary is omitted because nothing is stored.
const noStore = 'no-store';

/** 200 with as many whole updates as the limit allows, at least one; the client polls again for the rest. */
export function answerUpdates(context: NodeContext, response: HttpResponse, updates: readonly RetainedUpdate[]): void {
  const frames: Buffer[] = [];
  let bytes = 0;
  for (const { framed } of updates) {
    if (frames.length > 0 && bytes + framed.length > context.limits.answerBytes) break;
    frames.push(framed);
    bytes += framed.length;
  }
  if (frames.length === 1) {
    answerUpdate(context, response, updates[0]!);
    return;
  }
  const body = Buffer.concat(frames, bytes);
  const { contentType } = context.codec;
  // Only for this client, since others lack other updates; at once, since a thread switch would cost more than so few bytes.
  if (compresses(context, response, bytes)) answerGzip(response, contentType, gzipSync(body));
  else answerPlain(response, contentType, body);
}

/** 200 with one update, which is compressed once for all clients. */
export function answerUpdate(context: NodeContext, response: HttpResponse, update: RetainedUpdate): void {
  const { framed } = update;
  const { contentType } = context.codec;
  if (compresses(context, response, framed.length)) answerGzip(response, contentType, update.gzippedFrame);
  else answerPlain(response, contentType, framed);
}

function compresses({ compression }: NodeContext, { req }: HttpResponse, bytes: number): boolean {
  return compression !== null && bytes >= thresholdBytes && acceptsGzip(req);
}

function answerPlain(response: HttpResponse, contentType: string, body: Buffer): void {
  response.writeHead(200, {
    'Content-Type': contentType,
    'Content-Length': body.length,
    'Cache-Control': noStore,
  });
  response.end(body);
}

function answerGzip(response: HttpResponse, contentType: string, body: Buffer): void {
  response.writeHead(200, {
    'Content-Type': contentType,
    'Content-Encoding': 'gzip',
    'Content-Length': body.length,
    'Cache-Control': noStore,
  });
  response.end(body);
}

/** 204: nothing new. */
export function answerNothing(context: NodeContext, response: HttpResponse): void {
  context.tally.emptyAnswers++;
  response.writeHead(204, { 'Cache-Control': noStore });
  response.end();
}

/** 410: the client cannot continue from its version and must ask without `after`. */
export function answerGone(response: HttpResponse): void {
  answerText(response, 410, 'after: no longer retained, ask without it');
}

/** An answer for people: one line of text. */
export function answerText(response: HttpResponse, status: number, text: string): void {
  const body = `${text}\n`;
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': noStore,
  });
  response.end(body);
}
