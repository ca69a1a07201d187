import { spawn } from 'node:child_process';
import { lastLine, NetworkRefused, refusedStart, runTool, toolPath } from './refusal.ts';

/**
 * A network namespace without a name: a process holds it, and everything in it ends with that process. The holder exits
 * when its standard input closes, so it cannot outlive us, however we end.
 */
export type Namespace = {
  /** The holder's process id. `/proc/<pid>/net` shows the namespace from outside. */
  readonly pid: number;
  /** Command prefix that runs a command in the namespace, in the same process. */
  readonly enter: readonly string[];
  /** Runs a tool inside to its end and returns its output. Throws `NetworkRefused`. */
  readonly run: (command: readonly string[], input?: string) => string;
  readonly close: () => Promise<void>;
};

/** `within`: the namespace whose user namespace to join, when namespaces are made without privilege. */
export type NamespaceOptions = { readonly within?: Namespace; readonly unprivileged: boolean };

// Ignores a terminal's signals: the parent decides when the holder ends. Announces first that it holds the namespace.
const holder = 'trap "" INT TERM HUP; echo held; exec cat';
const closeWithinMs = 1_000;

/** Starts a holder. Rejects with `NetworkRefused` when the system does not allow it. */
export async function holdNamespace({ within, unprivileged }: NamespaceOptions): Promise<Namespace> {
  const own = unprivileged && within === undefined ? ['--user', '--map-root-user'] : [];
  const unshare = ['unshare', ...own, '--net', '--mount', 'sh', '-c', holder];
  const joined =
    within && unprivileged ? [...entering(within.pid, ['--user', '--preserve-credentials']), ...unshare] : unshare;
  const child = spawn(joined[0]!, joined.slice(1), {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, PATH: toolPath, LC_ALL: 'C' },
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  // The pipe breaks when the holder was killed; the next `run` reports that.
  child.stdin.on('error', () => {});
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  await new Promise<void>((resolve, reject) => {
    child.once('error', (error) => reject(refusedStart(joined[0]!, error)));
    child.stdout.once('data', () => resolve());
    ended.then(() => reject(new NetworkRefused(refusalOf(said))));
  });
  const pid = child.pid!;
  const user = unprivileged ? ['--user', '--preserve-credentials'] : [];
  return {
    pid,
    enter: entering(pid, [...user, '--net']),
    run: (command, input) => runTool([...entering(pid, [...user, '--net', '--mount']), ...command], input),
    close: async () => {
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), closeWithinMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** util-linux's error message in our words. */
function refusalOf(said: string): string {
  const why = lastLine(said)
    .replace(/^(unshare|nsenter): /, '')
    .replace(/^unshare failed: /, '');
  return `a network namespace (unshare) was refused: ${why || 'unshare ended without a word'}`;
}

function entering(pid: number, namespaces: readonly string[]): readonly string[] {
  return ['nsenter', '--target', String(pid), ...namespaces, '--'];
}
