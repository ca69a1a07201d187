import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { projectRoot } from '../../machine/host/project-root.ts';
import { findCommand } from '../../machine/host/system-tools.ts';
import { comesToListen, freePort } from '../../network/proxy/port.ts';
import type { Via } from '../../network/route/via.ts';

/** For tests only: proxies with the configurations from README. */

const required = Boolean(process.env.CI || process.env.PVW_REQUIRE_TOOLS);
const commands = { haproxy: findCommand('haproxy'), nginx: findCommand('nginx'), openssl: findCommand('openssl') };

/** Why tests with proxies are skipped; false: they can run, or tools are required. */
export const withoutProxies =
  Object.values(commands).includes(undefined) && !required && 'haproxy, nginx or openssl is missing';

export const loopback = '127.0.0.1';
const listensWithinMs = 10_000;

export type ProxyName = 'haproxy' | 'nginx';

/** The configuration that README shows, with the proxy listening on `port` and the server on `behind`. */
export function configurationOf(name: ProxyName, port: number, behind: number): string {
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
  const shown = new RegExp(`^\`\`\`${name}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(readme)?.[1];
  assert.ok(shown, `README shows no configuration of ${name}`);
  const [from, to] = [/127\.0\.0\.1:8080/g, /127\.0\.0\.1:8081/g];
  assert.ok(from.test(shown) && to.test(shown), 'it has both addresses');
  return shown.replace(from, `127.0.0.1:${port}`).replace(to, `127.0.0.1:${behind}`);
}

/** Adds what README leaves out for NGINX: one process in the foreground, with all its files in `directory`. */
function wholeFile(name: ProxyName, directory: string, shown: string): string {
  if (name === 'haproxy') return shown;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${join(directory, kind)};`,
  );
  return [
    'daemon off;',
    'master_process off;',
    `pid ${join(directory, 'pid')};`,
    'events {}',
    `http {\naccess_log off;\n${temporary.join('\n')}\n${shown}\n}`,
  ].join('\n');
}

/** Starts a proxy with this configuration. The end of the test kills it. */
export async function startProxy(
  t: Pick<TestContext, 'after'>,
  name: ProxyName,
  port: number,
  shown: string,
): Promise<void> {
  const command = commands[name];
  assert.ok(command, `${name} is missing, and here it is required`);
  const directory = temporary(t, name);
  const file = join(directory, `${name}.conf`);
  writeFileSync(file, wholeFile(name, directory, shown));
  const args =
    name === 'haproxy' ? ['-db', '-f', file] : ['-p', directory, '-e', join(directory, 'error.log'), '-c', file];
  execFileSync(command, name === 'haproxy' ? ['-c', '-q', ...args.slice(1)] : ['-t', '-q', ...args]);
  const child = spawn(command, args, { stdio: 'ignore' });
  const ended = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  assert.ok(await comesToListen(child, loopback, port, listensWithinMs), `${name} does not listen`);
}

/** A temporary directory, removed at the end of the test. */
function temporary(t: Pick<TestContext, 'after'>, name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `pvw-${name}-`));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Free ports for a proxy and for this many servers behind it. */
export async function freePorts(servers = 1): Promise<readonly [port: number, ...behind: number[]]> {
  const behind: number[] = [];
  for (let i = 0; i < servers; i++) behind.push(await freePort(loopback));
  return [await freePort(loopback), ...behind];
}

/** A path through the proxy on `port` to servers on the other ports. */
export function viaTo(port: number, ...behind: readonly number[]): Via {
  const listen = behind.map((each) => ({ host: loopback, port: each }));
  return { url: `http://${loopback}:${port}`, host: loopback, port, encrypted: false, listen };
}

/** README's HAProxy configuration with a certificate. `more` is added to the line that binds the port. */
export function withTls(shown: string, pem: string, more = ''): string {
  return shown.replace(/^( *bind \S+).*$/m, `$1 ssl crt ${pem}${more}`);
}

/** A self-signed certificate for localhost: alone, and together with its key in one file, as HAProxy needs it. */
export function certificate(t: TestContext): { readonly crt: string; readonly pem: string } {
  assert.ok(commands.openssl, 'openssl is missing, and here it is required');
  const directory = temporary(t, 'certificate');
  const [key, crt, pem] = [join(directory, 'key'), join(directory, 'crt'), join(directory, 'pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', crt];
  execFileSync(commands.openssl, [...made, ...subject], { stdio: 'ignore' });
  writeFileSync(pem, readFileSync(key, 'utf8') + readFileSync(crt, 'utf8'));
  return { crt, pem };
}
