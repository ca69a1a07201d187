import type { Transport } from '../../protocol/transport.ts';
import type { Mistake } from '../route/route.ts';

/** Texts for a configuration with one thing wrong, used in the configuration, reports and messages. Plain text. */
type MistakeText = {
  readonly title: string;
  /** What users of the wrong configuration see. */
  readonly symptom: string;
  /** The directives that put it right. */
  readonly cure: string;
  /** The transports affected; the others work normally. */
  readonly hits: readonly Transport[];
};

/** The most frequent mistakes in NGINX configurations for such traffic. */
export const mistakeTexts: Readonly<Record<Mistake, MistakeText>> = {
  'no-upgrade-headers': {
    title: 'The headers of the upgrade are not passed on',
    symptom:
      'Every WebSocket handshake is answered with 4xx: NGINX drops Upgrade and Connection, which are meant for one hop ' +
      'only, so the server gets an ordinary GET.',
    cure: 'proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;',
    hits: ['websocket'],
  },
  'buffered-sse': {
    title: 'Events are buffered',
    symptom:
      'Nothing comes, not even the headers of the answer, until 4 kB of events have come together; then many come at once, ' +
      'and the last ones stay in the buffer. That is so over HTTP/1.0 to the server, the default before NGINX 1.29.7, and ' +
      'with gzip for events. Otherwise small events pass at once; then the harm is that the server never notices a client that has stopped reading.',
    cure: 'proxy_buffering off; proxy_http_version 1.1; for the events, or X-Accel-Buffering: no in the answer',
    hits: ['sse'],
  },
  'short-read-timeout': {
    title: 'The read timeout is shorter than the hold',
    symptom:
      'Long polls in which nothing happens are answered with 504 by NGINX before the server ends the hold, and streams in ' +
      'which nothing happens are cut off. Without max_fails=0 NGINX takes the servers for dead as well, and answers 502 for 10 s.',
    cure: 'proxy_read_timeout longer than the longest hold and the heartbeat',
    hits: ['long-polling', 'sse', 'websocket'],
  },
  'no-upstream-keepalive': {
    title: 'No connection to the servers is kept',
    symptom:
      'Each poll opens a connection of its own between NGINX and the server: a handshake, ports in TIME_WAIT, and CPU ' +
      'on both sides, which the client does not see. Before 1.29.7 that is the default.',
    cure: 'keepalive in the upstream group; proxy_http_version 1.1; and Connection without close',
    hits: ['short-polling', 'long-polling'],
  },
};
