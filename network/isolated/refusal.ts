import { spawnSync } from 'node:child_process';

/** Debian package of each tool that builds an isolated network. */
export const networkTools: Readonly<Record<string, string>> = {
  unshare: 'util-linux',
  nsenter: 'util-linux',
  mount: 'mount',
  ip: 'iproute2',
  tc: 'iproute2',
  ethtool: 'ethtool',
  sysctl: 'procps',
};

/**
 * An isolated network is impossible here; the message says in one line which call was refused or which tool is missing.
 */
export class NetworkRefused extends Error {}

/** PATH with the directories of system tools that an ordinary user's PATH lacks. */
export const toolPath = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;

/** Runs a tool to its end and returns its standard output. Throws `NetworkRefused` with the last line of its errors. */
export function runTool(command: readonly string[], input = ''): string {
  const [tool, ...given] = command;
  const { status, signal, error, stdout, stderr } = spawnSync(tool!, given, {
    input,
    encoding: 'utf8',
    env: { ...process.env, PATH: toolPath, LC_ALL: 'C' },
  });
  if (error) throw refusedStart(tool!, error);
  if (status !== 0)
    throw new NetworkRefused(`${shown(command)}: ${lastLine(stderr) || signal || `exit code ${status}`}`);
  return stdout;
}

/** The error for a tool that could not be started. */
export function refusedStart(tool: string, error: Error): NetworkRefused {
  const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  const where = networkTools[tool] === undefined ? '' : ` (Debian package ${networkTools[tool]})`;
  return new NetworkRefused(missing ? `${tool} is missing${where}` : `${tool}: ${error.message}`);
}

/** The last line of a tool's output; earlier ones are progress or repeat it. */
export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)!.trim();
}

/** The command without its `nsenter` prefix: what was refused is the inner command. */
function shown(command: readonly string[]): string {
  const inner = command[0] === 'nsenter' ? command.slice(command.indexOf('--') + 1) : command;
  return inner.join(' ').slice(0, 120);
}
