import type { Balancing, Mistake } from '../route/route.ts';
import { addressText, type ListenAddress } from '../route/via.ts';
import { mistakeTexts } from './nginx-mistakes.ts';

/**
 * Everything that a configuration depends on. Its paths are relative to NGINX's prefix, so no path of this machine
 * appears.
 */
export type NginxSite = {
  /** NGINX's version, such as `1.22.1`: the syntax of directives differs. */
  readonly version: string;
  /** Whether root starts it; the workers then run as root too. */
  readonly root: boolean;
  readonly listen: ListenAddress;
  readonly nodes: readonly ListenAddress[];
  readonly balancing: Balancing;
  readonly mistake: Mistake | null;
  /** null: plain text. The files in the prefix are `certificate.pem` and `key.pem`. */
  readonly tls: { readonly resumption: boolean } | null;
  readonly http: 1 | 2;
  /** Connections that clients hold at the same time. */
  readonly connections: number;
  /** The longest silence of a healthy long poll. */
  readonly holdMs: number;
  readonly heartbeatMs: number;
};

/** A directive and the comment above it, or a block of them. */
type Entry = Directive | Block;
type Directive = readonly [text: string, why: string];
type Block = { readonly open: string; readonly why: string; readonly inside: readonly Entry[] };

const header = `# Several WebSocket servers behind one address, as it was generated for this path.
# Each directive has its reason in front of it.
`;

/** The text of a whole configuration file, with a comment above each directive that gives its reason. */
export function nginxConfiguration(site: NginxSite): string {
  const entries: readonly Entry[] = [
    ['daemon off;', 'Stays the child of whoever started it, and ends with it.'],
    ...(site.root ? [['user root;', 'Workers keep the user who may read this directory.'] as const] : []),
    ['worker_processes 1;', 'One core is what it gets here; elsewhere: auto.'],
    [
      'worker_shutdown_timeout 1s;',
      'After a reload the old workers end with their last connection, which for a WebSocket may be never.',
    ],
    ['pid nginx.pid;', 'Everything it writes stays in its own directory.'],
    ['error_log stderr warn;', 'Its last words are read by whoever started it.'],
    {
      open: 'events',
      why: 'How connections are served.',
      inside: [
        [
          `worker_connections ${2 * site.connections + 128};`,
          'Each client takes two: its own and the one to a server. The default of 512 refuses the 257th WebSocket.',
        ],
      ],
    },
    {
      open: 'http',
      why: 'Everything below speaks HTTP.',
      inside: [...surroundings, ...upgradeMap, upstream(site), server(site)],
    },
  ];
  return `${header}${mistakeNote(site)}\n${written(entries, 0)}`;
}

/** A deliberately wrong file says so at its top, before somebody copies it. */
function mistakeNote({ mistake }: NginxSite): string {
  if (mistake === null) return '';
  const { title, symptom, cure } = mistakeTexts[mistake];
  return `#\n# WRONG ON PURPOSE, ${mistake}: ${title}.\n# What people see: ${symptom}\n# What puts it right: ${cure}\n`;
}

const surroundings: readonly Directive[] = [
  ['access_log off;', 'A line for each poll would be measured too.'],
  ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => [`${name}_temp_path temporary/${name};`, 'Not in /var: another NGINX may run on this machine.'] as const,
  ),
];

const upgradeMap: readonly Entry[] = [
  {
    open: 'map $http_upgrade $connection_upgrade',
    why: 'What is sent to the server as Connection, by what the client sent as Upgrade.',
    inside: [
      ['default upgrade;', 'A WebSocket handshake asks for the upgrade of its connection (RFC 9110, 7.8).'],
      ["'' '';", 'Anything else: no such header, so that the connection to the server is kept.'],
    ],
  },
];

const balancingWords: Readonly<Record<Balancing, readonly Directive[]>> = {
  ip_hash: [
    [
      'ip_hash;',
      'A client keeps its server: by the first three numbers of its address, so all behind one office router share one.',
    ],
  ],
  least_conn: [['least_conn;', 'The server with the fewest connections is next: connections here last for hours.']],
  round_robin: [],
};

function upstream({ version, nodes, balancing, mistake, connections }: NginxSite): Block {
  return {
    open: 'upstream nodes',
    why: 'The servers, all of which expose the same stream.',
    inside: [
      ...balancingWords[balancing],
      ...nodes.map(
        (node) =>
          [
            `server ${addressText(node)} max_fails=0;`,
            'One of them. By default one failed request turns everybody away from it for 10 s.',
          ] as const,
      ),
      ...(mistake === 'no-upstream-keepalive' ? noneKept(version) : upstreamKeepalive(connections)),
    ],
  };
}

/** From 1.29.7 on some connections are kept unless told otherwise; before, 0 is no allowed value. */
function noneKept(version: string): readonly Directive[] {
  return isAtLeast(version, [1, 29, 7]) ? [['keepalive 0;', 'THE MISTAKE: no connection is kept.']] : [];
}

/** Before 1.29.7 it must come after the balancing method, which it wraps. */
function upstreamKeepalive(connections: number): readonly Directive[] {
  return [
    [
      `keepalive ${Math.max(64, connections)};`,
      'Idle connections that each worker keeps for the next poll: as many as may be answered at the same time.',
    ],
    ['keepalive_timeout 600s;', 'Polls may be minutes apart; the default closes after 60 s.'],
    ['keepalive_requests 1000000;', 'The default closes a connection after 1,000 polls.'],
  ];
}

function server(site: NginxSite): Block {
  const { mistake } = site;
  return {
    open: 'server',
    why: 'The virtual server that clients connect to.',
    inside: [
      ...listening(site),
      ['keepalive_timeout 600s;', 'A client that polls keeps its connection between two polls; the default is 75 s.'],
      ['keepalive_requests 1000000;', 'And over many polls; the default is 1,000.'],
      ['client_body_buffer_size 256k;', 'A publish is passed on from memory, whatever its size.'],
      ...(mistake === 'buffered-sse' ? [eventsForgotten(site)] : []),
      { open: 'location /', why: 'All four transports.', inside: passedOn(site) },
    ],
  };
}

function listening({ version, listen, tls, http }: NginxSite): readonly Directive[] {
  const address = `listen ${addressText(listen)}`;
  if (tls === null) return [[`${address};`, 'An unprivileged port, so that no root is needed.']];
  // From 1.25.1 on, `listen … http2` is deprecated in favour of the directive `http2`.
  const own = isAtLeast(version, [1, 25, 1]);
  return [
    [
      `${address} ssl${http === 2 && !own ? ' http2' : ''};`,
      http === 2
        ? 'TLS, in which the client chooses HTTP/2 by ALPN (RFC 7301).'
        : 'TLS ends here; behind it is plain text.',
    ],
    ...(http === 2 && own
      ? [['http2 on;', 'Offered by ALPN (RFC 7301); a WebSocket stays on HTTP/1.1.'] as const]
      : []),
    ['ssl_certificate certificate.pem;', 'Made for this trial.'],
    ['ssl_certificate_key key.pem;', 'The key that belongs to it.'],
    ['ssl_protocols TLSv1.3;', 'One round trip less than 1.2 (RFC 8446).'],
    [
      `ssl_session_tickets ${tls.resumption ? 'on' : 'off'};`,
      tls.resumption
        ? 'A client that comes back continues its session without a certificate.'
        : 'Every connection is a whole handshake.',
    ],
    [
      `ssl_session_cache ${tls.resumption ? 'shared:tls:1m' : 'off'};`,
      tls.resumption ? 'All workers know the sessions.' : 'No session is kept for anybody.',
    ],
  ];
}

/** Whether a version such as `1.22.1` is `wanted` or later. */
export function isAtLeast(version: string, wanted: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  const place = wanted.findIndex((number, i) => parts[i] !== number);
  return place < 0 || (parts[place] ?? 0) > wanted[place]!;
}

function passedOn(site: NginxSite): readonly Directive[] {
  return [
    ['proxy_pass http://nodes;', 'To one of the servers.'],
    [
      'proxy_http_version 1.1;',
      'HTTP/1.0, the default before 1.29.7, has no upgrade and keeps no connection, and its endless answers no chunks.',
    ],
    ...(site.mistake === 'no-upgrade-headers' ? noUpgrade : upgradeHeaders),
    ...requestHeaders,
    ['proxy_buffering off;', 'Events go on as they come, and a client that does not read is noticed by the server.'],
    [
      `proxy_read_timeout ${readTimeoutMs(site)}ms;`,
      site.mistake === 'short-read-timeout'
        ? 'THE MISTAKE: shorter than the hold of a long poll and the heartbeat of a stream.'
        : 'Longer than a hold and a heartbeat: silence up to then is no failure.',
    ],
    ['proxy_send_timeout 60s;', 'A server that does not read for so long is gone.'],
    [
      'proxy_next_upstream error non_idempotent;',
      'A server that cannot be reached: the next one, for publishes too, whose repeats the servers drop.',
    ],
  ];
}

const upgradeHeaders: readonly Directive[] = [
  ['proxy_set_header Upgrade $http_upgrade;', 'Headers of one hop are dropped unless they are set again.'],
  ['proxy_set_header Connection $connection_upgrade;', 'From the map above: without it no upgrade is asked for.'],
];

/** In place of the upgrade headers. `Connection` stays empty, as for kept connections: only the upgrade is wrong. */
const noUpgrade: readonly Directive[] = [
  ["proxy_set_header Connection '';", 'THE MISTAKE: the Upgrade header is not passed on; this keeps polls alive.'],
];

const requestHeaders: readonly Directive[] = [
  ['proxy_set_header Host $host;', 'The name that the client asked for, instead of nodes.'],
  ['proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;', 'Who asks: the server sees only this proxy.'],
  ['proxy_set_header X-Forwarded-Proto $scheme;', 'Whether it came by https, for links and cookies.'],
];

/** A location for the events with NGINX's defaults: the mistake `buffered-sse`. */
function eventsForgotten(site: NginxSite): Block {
  return {
    open: 'location /events',
    why: 'THE MISTAKE: the defaults, for a stream of events.',
    inside: [
      ['proxy_pass http://nodes;', 'To one of the servers.'],
      ...requestHeaders,
      [
        'proxy_http_version 1.0;',
        'The default before 1.29.7: the answer is one body without chunks, which ends with the connection.',
      ],
      ['proxy_buffering on;', 'The default: it is passed on by full buffers.'],
      [`proxy_read_timeout ${readTimeoutMs(site)}ms;`, 'Longer than a heartbeat: nothing else is wrong.'],
    ],
  };
}

/** NGINX's default, and the shortest correct read timeout here. */
const usualReadTimeoutMs = 60_000;
/** Cuts off long polls well within a short window. */
const shortReadTimeoutMs = 1_000;

/**
 * `proxy_read_timeout` in milliseconds: longer than hold and heartbeat, or shorter as the mistake `short-read-timeout`.
 */
function readTimeoutMs({ mistake, holdMs, heartbeatMs }: NginxSite): number {
  if (mistake === 'short-read-timeout') return Math.max(100, Math.min(shortReadTimeoutMs, Math.floor(holdMs / 2)));
  return Math.max(usualReadTimeoutMs, 2 * Math.max(holdMs, heartbeatMs));
}

function written(entries: readonly Entry[], depth: number): string {
  const indent = '    '.repeat(depth);
  return entries
    .map((entry) => {
      if (!('open' in entry)) return `${indent}# ${entry[1]}\n${indent}${entry[0]}\n`;
      return `${indent}# ${entry.why}\n${indent}${entry.open} {\n${written(entry.inside, depth + 1)}${indent}}\n`;
    })
    .join('');
}
