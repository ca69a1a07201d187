import { spawnSync } from 'node:child_process';

/** Debian's package of each tool that an isolated network is built with. */
export const networkTools: Readonly<Record<string, string>> = {
  unshare: 'util-linux',
  nsenter: 'util-linux',
  mount: 'mount',
  ip: 'iproute2',
  tc: 'iproute2',
  ethtool: 'ethtool',
  sysctl: 'procps',
};

/** Why there is no isolated network here, in one line: which call was refused, or which tool is missing. */
export class NetworkRefused extends Error {}

/** System tools that are not on the path of an ordinary user. */
export const toolPath = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;

/** Runs a tool to its end and returns what it printed. Throws `NetworkRefused` with the tool's own words. */
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

/** A tool could not even be started. */
export function refusedStart(tool: string, error: Error): NetworkRefused {
  const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  const where = networkTools[tool] === undefined ? '' : ` (Debian package ${networkTools[tool]})`;
  return new NetworkRefused(missing ? `${tool} is missing${where}` : `${tool}: ${error.message}`);
}

/** The last line that a tool wrote: the ones before it are progress, or the same again. */
export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)!.trim();
}

/** The command inside the namespaces is what was refused, not the way there. */
function shown(command: readonly string[]): string {
  const inner = command[0] === 'nsenter' ? command.slice(command.indexOf('--') + 1) : command;
  return inner.join(' ').slice(0, 120);
}
