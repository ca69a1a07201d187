import { spawnSync } from 'node:child_process';
import { chromiumCommands, findCommand } from '../../machine/host/system-tools.ts';

/**
 * A tool that system tests need: its Debian package, its commands, of which one must exist, and the tests that need it.
 */
export type Tool = {
  readonly debianPackage: string;
  readonly commands: readonly string[];
  readonly neededBy: string;
};

const tools: readonly Tool[] = [
  { debianPackage: 'chromium', commands: chromiumCommands, neededBy: 'tests that open the report' },
  { debianPackage: 'nginx-light', commands: ['nginx'], neededBy: 'tests behind a proxy' },
  { debianPackage: 'haproxy', commands: ['haproxy'], neededBy: "tests behind a user's own proxy" },
  { debianPackage: 'openssl', commands: ['openssl'], neededBy: 'tests of TLS behind a proxy' },
  { debianPackage: 'iproute2', commands: ['ip'], neededBy: 'tests in an isolated network' },
  { debianPackage: 'ethtool', commands: ['ethtool'], neededBy: 'tests in an isolated network' },
  { debianPackage: 'tcpdump', commands: ['tcpdump'], neededBy: 'tests that compare packets with a capture' },
  { debianPackage: 'procps', commands: ['ps'], neededBy: 'tests that look for left-over processes' },
  { debianPackage: 'util-linux', commands: ['taskset'], neededBy: 'tests that pin processes to cores' },
];

export function missingTools(): readonly Tool[] {
  return tools.filter(({ commands }) => findCommand(...commands) === undefined);
}

/** How this user may install packages: as root, by sudo without a password, or why not. */
export type Installer = { readonly prefix: readonly string[] } | { readonly impossible: string };

export function findInstaller(): Installer {
  if (findCommand('apt-get') === undefined) return { impossible: 'this system has no apt-get' };
  if (process.getuid?.() === 0) return { prefix: [] };
  const sudo = findCommand('sudo');
  if (sudo === undefined) return { impossible: 'this user is not root and there is no sudo' };
  const allowed = spawnSync(sudo, ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  return allowed ? { prefix: [sudo, '-n'] } : { impossible: 'sudo asks for a password' };
}

/** Says which tools are missing, and which tests are skipped for that. */
export function sayWhatIsMissing(reason: string, say: (text: string) => void): void {
  for (const { debianPackage, neededBy } of missingTools()) {
    say(`${debianPackage} is missing and was not installed (${reason}): ${neededBy} are skipped`);
  }
}

/** Installs packages. Returns why a tool may still be missing afterwards. */
export function install(missing: readonly Tool[], prefix: readonly string[], say: (text: string) => void): string {
  const packages = missing.map(({ debianPackage }) => debianPackage);
  say(`installing ${packages.join(', ')}`);
  if (!aptGet(prefix, 'update', '-qq')) say('apt-get update failed; trying with the package lists that are there');
  const installed = aptGet(prefix, 'install', '-y', '-qq', '--no-install-recommends', ...packages);
  return installed ? 'the package brought no such command' : 'apt-get failed';
}

function aptGet(prefix: readonly string[], ...args: readonly string[]): boolean {
  // `env` because sudo drops the environment; without it a package may stop to ask a question.
  const [command, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
  return spawnSync(command!, rest, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}
