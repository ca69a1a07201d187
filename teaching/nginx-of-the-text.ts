import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { comesToListen, freePort } from '../network/proxy/port.ts';
import { readDocument } from './documents.ts';

const loopback = '127.0.0.1';
const listensWithinMs = 4_000;

/** The NGINX configuration in docs/why-websocket.md, unchanged. */
function configurationOfText(): string {
  const found = /^```nginx\n([\s\S]*?)^```$/m.exec(readDocument('docs/why-websocket.md'))?.[1];
  if (found === undefined) throw new Error('docs/why-websocket.md shows no NGINX configuration');
  return found;
}

export type RunningNginx = { readonly port: number; readonly tlsPort: number; readonly stop: () => Promise<void> };

export type NginxOptions = {
  /** Paths of the two commands. */
  readonly nginx: string;
  readonly openssl: string;
  /** Ports of the two upstream servers. */
  readonly behind: readonly [number, number];
  /** Removes the lines that match, so that a test can show what they are for. */
  readonly without?: RegExp;
  /** Further directives of the `http` block, such as `gzip on;`. */
  readonly also?: string;
};

/**
 * Starts NGINX with the configuration of the text, replacing only the ports and the paths of the certificate. Throws
 * the complaint of `nginx -t` if it refuses the configuration.
 */
export async function startNginx(options: NginxOptions): Promise<RunningNginx> {
  const directory = mkdtempSync(join(tmpdir(), 'pvw-nginx-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    const [port, tlsPort] = [await freePort(loopback), await freePort(loopback)];
    makeCertificate(options.openssl, directory);
    const config = join(directory, 'nginx.conf');
    const text = adapted(options, directory, port, tlsPort);
    writeFileSync(config, surrounded(directory, `${options.also ?? ''}\n${text}`));
    const args = ['-p', directory, '-e', join(directory, 'error.log'), '-c', config];
    execFileSync(options.nginx, ['-t', '-q', ...args], { encoding: 'utf8' });
    const stop = await running(options.nginx, args, port);
    return { port, tlsPort, stop: () => stop().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

function adapted({ behind, without }: NginxOptions, directory: string, port: number, tlsPort: number): string {
  let text = configurationOfText()
    .split('\n')
    .filter((line) => !without?.test(line))
    .join('\n');
  for (const [from, to] of [
    ['127.0.0.1:8081', `127.0.0.1:${behind[0]}`],
    ['127.0.0.1:8082', `127.0.0.1:${behind[1]}`],
    ['listen 80;', `listen ${port};`],
    ['listen 443 ssl;', `listen ${tlsPort} ssl;`],
    ['/etc/ssl/example.com.crt', join(directory, 'crt')],
    ['/etc/ssl/example.com.key', join(directory, 'key')],
  ] as const) {
    if (!text.includes(from)) throw new Error(`the text's configuration has no ${from} any more`);
    text = text.replace(from, to);
  }
  return text;
}

/** Completes the configuration file around `http`. Everything that NGINX writes goes into `directory`. */
function surrounded(directory: string, http: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(directory, name)};`,
  );
  return [
    'daemon off;',
    // A single process, so that one signal ends it.
    'master_process off;',
    `pid ${join(directory, 'pid')};`,
    'events {}',
    `http {\naccess_log off;\n${temporary.join('\n')}\n${http}\n}`,
  ].join('\n');
}

async function running(nginx: string, args: readonly string[], port: number): Promise<() => Promise<void>> {
  const child = spawn(nginx, args, { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  if (await comesToListen(child, loopback, port, listensWithinMs)) return stop;
  await stop();
  throw new Error('nginx does not listen');
}

function makeCertificate(openssl: string, directory: string): void {
  const names = ['-keyout', join(directory, 'key'), '-out', join(directory, 'crt'), '-subj', '/CN=example.com'];
  execFileSync(openssl, ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...names], { stdio: 'ignore' });
}
