import { clientField, queryOf } from '../protocol/routes.ts';
import { encodeAcknowledgement } from '../protocol/socket-messages.ts';
import type { HttpRequest, HttpResponse } from './endpoint.ts';
import { answerText } from './poll-answer.ts';
import type { NodeContext } from './stream/node-context.ts';
import { BadPublish } from './stream/publications.ts';

/** `POST /updates?client=K`: 200 with the acknowledgement, 400 if malformed, 413 if too large. */
export function servePublish(context: NodeContext, request: HttpRequest, response: HttpResponse): void {
  const client = clientField(queryOf(request.url ?? ''));
  readBody(request, context.limits.publishBytes, (body) => {
    if (body === 'too-large') {
      // Over HTTP/2 the rest of the body ends with its stream; the connection stays open.
      if (request.httpVersionMajor === 1) response.setHeader('Connection', 'close');
      answerText(response, 413, `body: more than ${context.limits.publishBytes} bytes`);
      return;
    }
    context.publications.receive(client, body, (outcome) => {
      if (outcome instanceof BadPublish) {
        answerText(response, 400, outcome.message);
        return;
      }
      context.exchange.noteAcknowledgement(client, outcome.sequence);
      const text = encodeAcknowledgement(outcome);
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': text.length });
      response.end(text);
    });
  });
}

function readBody(request: HttpRequest, limitBytes: number, done: (body: Buffer | 'too-large') => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= limitBytes) {
      chunks.push(chunk);
    } else {
      request.removeAllListeners('data').removeAllListeners('end').resume();
      done('too-large');
    }
  });
  request.on('end', () => done(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes)));
}
