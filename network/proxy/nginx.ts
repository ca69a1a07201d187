import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processIds, workingDirectory } from '../../machine/host/working-directory.ts';
import type { ProcessSample } from '../../machine/process/process-sample.ts';
import { toolPath } from '../isolated/refusal.ts';
import { isAtLeast, type NginxSite, nginxConfiguration } from './nginx-conf.ts';
import { watchUsage, workerPids } from './nginx-usage.ts';
import { answers, freePort } from './port.ts';

export type NginxOptions = Omit<NginxSite, 'version' | 'root' | 'listen' | 'tls'> & {
  /** NGINX's prefix is made in this directory. */
  readonly directory: string;
  readonly host: string;
  /** PEM; null: plain text. */
  readonly tls: { readonly resumption: boolean; readonly key: string; readonly cert: string } | null;
};

/** A running NGINX, a child of this process. */
export type Nginx = {
  readonly port: number;
  readonly version: string;
  readonly configuration: string;
  readonly workers: number;
  readonly sample: () => ProcessSample;
  /** Replaces the workers. Resolves when new ones run; the old ones end with their connections. */
  readonly reload: () => Promise<void>;
  /** Resolves when NGINX ends unexpectedly, with how it ended and its last messages. */
  readonly lost: Promise<string>;
  /** Ends NGINX at once, open connections included. Returns when it is gone. */
  readonly stop: () => void;
};

const listensWithinMs = 5_000;
/** Another process may take a port that was free a moment ago. */
const attempts = 3;
const keptBytes = 2_000;
const keptLines = 5;

/** Starts NGINX in front of nodes. Rejects with one line that quotes its error. */
export async function startNginx(options: NginxOptions): Promise<Nginx> {
  const version = nginxVersion();
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(options, version, await freePort(options.host));
    } catch (error) {
      const taken = error instanceof Error && /Address already in use/.test(error.message);
      if (!taken || attempt === attempts) throw error;
    }
  }
}

/** Such as `1.22.1`. Throws when NGINX is missing. */
function nginxVersion(): string {
  const { error, stderr } = spawnSync('nginx', ['-v'], { encoding: 'utf8', env: environment });
  if (error) throw new Error('nginx is missing: install the package nginx-light');
  return /nginx\/(\d+\.\d+\.\d+)/.exec(stderr)?.[1] ?? '0.0.0';
}

const environment = { ...process.env, PATH: toolPath, LC_ALL: 'C' };

async function startOnce(options: NginxOptions, version: string, port: number): Promise<Nginx> {
  const { directory, host, tls, ...site } = options;
  const prefix = mkdtempSync(join(directory, 'nginx-'));
  mkdirSync(join(prefix, 'temporary'));
  if (tls) writeCertificate(prefix, tls);
  const root = process.getuid?.() === 0;
  const configuration = nginxConfiguration({ ...site, tls, version, root, listen: { host, port } });
  writeFileSync(join(prefix, 'nginx.conf'), configuration);
  const words = [...dyingWithParent(), 'nginx', '-p', prefix, '-c', 'nginx.conf', ...errorsToUs(version)];
  // The working directory identifies our workers even after they have lost their master.
  const child = spawn(words[0]!, words.slice(1), {
    // In its own group: Ctrl-C in a terminal must not end it, and a terminal's SIGHUP would reload it.
    detached: true,
    cwd: prefix,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const { lost, expectEnd } = watchEnd(child, prefix, collectLines(child));
  const stop = () => {
    expectEnd();
    endNow(child);
  };
  const ended = await Promise.race([listens(host, port, child), lost]);
  if (ended !== undefined) {
    stop();
    throw new Error(ended);
  }
  return {
    port,
    version,
    configuration,
    workers: workerPids(child.pid!).length,
    sample: watchUsage(child.pid!),
    reload: () => reload(child),
    lost,
    stop,
  };
}

function writeCertificate(prefix: string, { key, cert }: { readonly key: string; readonly cert: string }): void {
  writeFileSync(join(prefix, 'key.pem'), key, { mode: 0o600 });
  writeFileSync(join(prefix, 'certificate.pem'), cert);
}

/**
 * Has the kernel end NGINX when we end, even by `kill -9`: the master then ends its workers, which it could not do if
 * it were killed itself. Without `setpriv` (util-linux), NGINX ends only with an orderly end of ours.
 */
function dyingWithParent(): readonly string[] {
  const { status } = spawnSync('setpriv', ['--version'], { env: environment, stdio: 'ignore' });
  return status === 0 ? ['setpriv', '--pdeathsig', 'TERM'] : [];
}

/** Keeps errors before the configuration is read out of /var/log; versions before 1.19.5 lack the option. */
function errorsToUs(version: string): readonly string[] {
  return isAtLeast(version, [1, 19, 5]) ? ['-e', 'stderr'] : [];
}

function collectLines(child: ChildProcess): () => string {
  let said = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-keptBytes);
  });
  return () => said.trim().split('\n').slice(-keptLines).map(withoutPrefix).join(' | ');
}

/** Removes date, level and process numbers. */
function withoutPrefix(line: string): string {
  return line.replace(/^[\d/]+ [\d:]+ \[\w+\] [\d#]+: (\*\d+ )?/, '').replace(/^nginx: \[\w+\] /, '');
}

type WatchedEnd = { readonly lost: Promise<string>; readonly expectEnd: () => void };

function watchEnd(child: ChildProcess, prefix: string, said: () => string): WatchedEnd {
  let expected = false;
  const lost = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`nginx: ${error.message}`));
    // A killed master leaves its workers behind, with the port and our pipe.
    child.once('exit', () => endProcesses(processIds().filter((pid) => workingDirectory(pid) === prefix)));
    child.once('close', (code, signal) => {
      if (!expected) resolve(`nginx ended (${signal ?? `exit code ${code}`}): ${said() || 'without a word'}`);
    });
  });
  return {
    lost,
    expectEnd: () => {
      expected = true;
    },
  };
}

/**
 * Resolves with undefined once NGINX serves, or with an error at the timeout. Stays pending if it ends: `lost` says
 * more.
 */
async function listens(host: string, port: number, child: ChildProcess): Promise<string | undefined> {
  const deadline = performance.now() + listensWithinMs;
  while (child.exitCode === null && child.signalCode === null) {
    // The port is open before a worker serves it.
    if (workerPids(child.pid!).length > 0 && (await answers(host, port))) return undefined;
    if (performance.now() > deadline) return `nginx does not listen after ${listensWithinMs} ms`;
    await sleep(5);
  }
  return await new Promise(() => {});
}

const reloadsWithinMs = 5_000;

/** Does what `nginx -s reload` does. NGINX starts the new workers before it stops the old ones. */
async function reload(child: ChildProcess): Promise<void> {
  const before = new Set(workerPids(child.pid!));
  child.kill('SIGHUP');
  const deadline = performance.now() + reloadsWithinMs;
  while (!workerPids(child.pid!).some((pid) => !before.has(pid))) {
    if (performance.now() > deadline) throw new Error(`nginx has no new workers ${reloadsWithinMs} ms after a reload`);
    await sleep(2);
  }
}

/** A healthy master ends its workers within milliseconds of SIGTERM; after this long, all are killed. */
const endsWithinMs = 500;

/** Waits without the event loop, which may have ended: this runs in the process's exit handler. */
function endNow(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const workers = workerPids(child.pid);
  child.kill('SIGTERM');
  const deadline = performance.now() + endsWithinMs;
  while (workerPids(child.pid).length > 0 && performance.now() < deadline) pauseMs(2);
  endProcesses([child.pid, ...workers]);
}

/** Kills what is left and ignores processes that are gone. */
function endProcesses(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Already gone.
    }
  }
}

function pauseMs(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
