import { spawn } from 'node:child_process';
import { lastLine, NetworkRefused, refusedStart, runTool, toolPath } from './refusal.ts';

/**
 * A network namespace that has no name: a process holds it, and everything in it ends with that process. The process
 * ends when its standard input closes, so it cannot outlive us, whatever ends us.
 */
export type Namespace = {
  /** Of the holder. `/proc/<pid>/net` shows the namespace from outside. */
  readonly pid: number;
  /** Words in front of a command that make it run in the namespace, in the same process. */
  readonly enter: readonly string[];
  /** Runs a tool to its end inside. Throws `NetworkRefused`. */
  readonly run: (command: readonly string[], input?: string) => string;
  readonly close: () => Promise<void>;
};

/** `within`: into whose user namespace, where the network namespaces are made without privilege. */
export type NamespaceOptions = { readonly within?: Namespace; readonly unprivileged: boolean };

// The signals of a terminal reach the holder too, and the parent decides when it ends. What it holds is announced first.
const holder = 'trap "" INT TERM HUP; echo held; exec cat';
const closeWithinMs = 1_000;

/** Rejects with `NetworkRefused` when the system does not allow it. */
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
  // Ours closes first when the holder was killed; that is seen at the next question to it.
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

/** What util-linux says, as people read it. */
function refusalOf(said: string): string {
  const why = lastLine(said)
    .replace(/^(unshare|nsenter): /, '')
    .replace(/^unshare failed: /, '');
  return `a network namespace (unshare) was refused: ${why || 'unshare ended without a word'}`;
}

function entering(pid: number, namespaces: readonly string[]): readonly string[] {
  return ['nsenter', '--target', String(pid), ...namespaces, '--'];
}
