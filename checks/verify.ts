import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { roundedDuration } from '../cli/duration.ts';
import { installMissingTools } from './system-packages.ts';

/** Everything that must hold before a change is accepted: `npm run verify`. Stops at the first step that fails. */
const root = resolve(import.meta.dirname, '..');

type Step = { readonly name: string; readonly command: readonly string[] };

const steps: readonly Step[] = [
  { name: 'lint', command: local('biome', 'check', '--error-on-warnings') },
  { name: 'types', command: local('tsc', '-p', '.') },
  ...(existsSync(join(root, 'report/browser/tsconfig.json'))
    ? [{ name: 'types of the page', command: local('tsc', '-p', 'report/browser') }]
    : []),
  { name: 'dead code', command: local('knip') },
  { name: 'tests', command: [process.execPath, '--import', 'tsx', 'checks/run-tests.ts', '--tier', 'all'] },
];

const startedMs = performance.now();
timed('system tools', () => {
  installMissingTools((text) => console.log(text));
  return 0;
});
for (const { name, command } of steps) timed(name, () => runStep(command));
console.log(`\nverified in ${roundedDuration(performance.now() - startedMs)}`);

/** Ends the process when the step fails. */
function timed(name: string, step: () => number): void {
  console.log(`\n== ${name}`);
  const stepStartedMs = performance.now();
  const code = step();
  const seconds = ((performance.now() - stepStartedMs) / 1000).toFixed(1);
  console.log(`== ${name}: ${code === 0 ? 'ok' : `failed (exit code ${code})`} after ${seconds} s`);
  if (code !== 0) process.exit(code);
}

function runStep([command, ...args]: readonly string[]): number {
  const { status, error } = spawnSync(command!, args, { cwd: root, stdio: 'inherit' });
  if (error) console.error(error.message);
  return status ?? 1;
}

/** A tool that npm has installed here: the version that the lock file says, whatever else is on the path. */
function local(name: string, ...args: readonly string[]): readonly string[] {
  return [join(root, 'node_modules/.bin', name), ...args];
}
