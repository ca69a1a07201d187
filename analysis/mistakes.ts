import type { Transport } from '../protocol/transport.ts';
import type { RouteRecord, TrialRecord } from '../results/schema.ts';

export type Mistake = NonNullable<NonNullable<RouteRecord['proxy']>['mistake']>;

/** What is told about a configuration with one thing wrong. */
export type MistakeText = {
  readonly title: string;
  /** What people see who have made it. */
  readonly symptom: string;
  readonly cure: string;
  /** Whom it hits; the other transports work as if nothing was wrong. */
  readonly hits: readonly Transport[];
};

/** The mistakes that are made most often when such traffic goes through NGINX. */
export const mistakeTexts: Readonly<Record<Mistake, MistakeText>> = {
  'no-upgrade-headers': {
    title: 'The Upgrade headers are not passed on',
    symptom:
      'Every WebSocket handshake is answered by an HTTP error (400 or 426) and never by 101: Upgrade and Connection belong to ' +
      'one hop, so a proxy drops them, and the server sees a plain GET. Browsers show only that the connection failed.',
    cure: 'proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade; with a map that sets it to upgrade where the client asked for one.',
    hits: ['websocket'],
  },
  'buffered-sse': {
    title: 'The event stream is buffered',
    symptom:
      'With proxy_buffering on, NGINX reads from the server as fast as it can and keeps for the client what the client does not ' +
      'take yet: the server no longer notices a slow reader, and events can reach it late and in lumps.',
    cure: 'proxy_buffering off; where the stream is, or the header X-Accel-Buffering: no in the answer.',
    hits: ['sse'],
  },
  'short-read-timeout': {
    title: 'The read timeout is shorter than the hold',
    symptom:
      'Long polls that wait are cut with 504 Gateway Time-out at the timeout, always after the same time, and only while nothing ' +
      'happens; busy channels look healthy.',
    cure: 'proxy_read_timeout longer than the longest hold and than the heartbeat of streams.',
    hits: ['long-polling'],
  },
  'no-upstream-keepalive': {
    title: 'No connection to the servers is kept',
    symptom:
      'Everything works, but each poll opens a connection from NGINX to the server: more CPU on both, and thousands of sockets in ' +
      'TIME_WAIT until ports run out.',
    cure: 'keepalive in the upstream block, proxy_http_version 1.1, and proxy_set_header Connection "" for requests that are no upgrade.',
    hits: ['short-polling', 'long-polling'],
  },
};

/** The mistake that a trial's path was given on purpose. */
function mistakeOf({ path }: Pick<TrialRecord, 'path'>): Mistake | undefined {
  return path.route?.proxy?.mistake ?? undefined;
}

/** Whether a trial went wrong as its path was meant to show: then it is the exhibit, and no fault of the run. */
export function isExhibit(trial: TrialRecord): boolean {
  const mistake = mistakeOf(trial);
  return mistake !== undefined && mistakeTexts[mistake].hits.includes(trial.transport);
}
