import type { Bundle } from '../../bench/local/bundle.ts';
import type { LinkConditions } from '../../network/link/path.ts';
import type { Certificate } from '../../network/route/certificate.ts';
import { runIsolated } from './isolated-programs.ts';

const ports = { plain: 7000, tls: 7001 } as const;

/** Answers everything with one line, in plain text and over TLS. */
const server = `const { key, cert } = JSON.parse(process.env.CERTIFICATE);
const serve = (socket) => {
  socket.on('error', () => {});
  socket.on('data', () => socket.write('answer'));
};
const options = { key, cert, minVersion: 'TLSv1.3', noDelay: true };
require('node:net').createServer({ noDelay: true }, serve).listen(${ports.plain}, process.argv[1], () => {
  require('node:tls').createServer(options, serve).listen(${ports.tls}, process.argv[1], () => console.log('listening'));
});`;

/** Arguments: host, attempts. Prints one line of JSON with the result of each attempt. */
const client = `const { connect } = require('node:net');
const tls = require('node:tls');
const { cert } = JSON.parse(process.env.CERTIFICATE);
const [host, attempts] = process.argv.slice(1);
const secureContext = tls.createSecureContext({ ca: cert, minVersion: 'TLSv1.3' });
let session;
const attempt = (kind) => new Promise((resolve, reject) => {
  const startedMs = performance.now();
  const raw = connect({ port: kind === 'plain' ? ${ports.plain} : ${ports.tls}, host, noDelay: true });
  raw.once('connect', () => {
    const offered = kind === 'resumed' ? { session } : {};
    const socket = kind === 'plain' ? raw : tls.connect({ socket: raw, host, secureContext, ...offered });
    socket.on('error', reject);
    socket.on('session', (newest) => { session = newest; });
    const ask = () => socket.write('question');
    if (kind === 'plain') ask();
    else socket.once('secureConnect', ask);
    socket.once('data', () => {
      const firstByteMs = performance.now() - startedMs;
      const reused = kind !== 'plain' && socket.isSessionReused();
      resolve({ kind, firstByteMs, reused, down: raw.bytesRead, up: raw.bytesWritten });
      socket.destroy();
    });
  });
});
(async () => {
  const told = [];
  for (let i = 0; i < Number(attempts); i++) {
    for (const kind of ['plain', 'full', 'resumed']) told.push(await attempt(kind));
  }
  console.log(JSON.stringify(told));
})();`;

export type HandshakeKind = 'plain' | 'full' | 'resumed';

export type Handshake = {
  readonly kind: HandshakeKind;
  /** From the start of connecting to the first byte of the answer. */
  readonly firstByteMs: number;
  readonly reused: boolean;
  /** Bytes of the connection until then. */
  readonly down: number;
  readonly up: number;
};

type Asked = { readonly link: LinkConditions; readonly attempts: number; readonly certificate: Certificate };

/** For tests only: a first answer in plain text, over TLS and in a resumed session, in turns, on fresh connections. */
export async function timedHandshakes(bundle: Bundle, asked: Asked): Promise<readonly Handshake[]> {
  const { link, attempts, certificate } = asked;
  const env = { ...process.env, NODE_OPTIONS: '', CERTIFICATE: JSON.stringify(certificate) };
  const { stdout } = await runIsolated(bundle, { link, server, client, words: [String(attempts)], env });
  return JSON.parse(stdout) as Handshake[];
}
