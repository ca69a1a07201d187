import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { projectRoot } from '../../machine/host/project-root.ts';
import { roundedDuration } from '../../text/duration.ts';
import { findInstaller, install, missingTools, sayWhatIsMissing } from './system-packages.ts';
import { decideOnTools, isYes } from './tool-decision.ts';
import { lastLine } from './verify-line.ts';

/**
 * Everything that must hold before a change is accepted: `npm run verify`. Stops at the first step that fails. The last
 * line is always `N passed, N failed, N skipped`.
 */
const helpText = `usage: npm run verify -- [--no-install] [--faults | --all]

Runs lint, types, dead code, and the tests but for those that break things on purpose. System tools that are missing are
installed: on a terminal after a question, elsewhere at once, as root or by sudo without a password.

  --no-install  install nothing: name what is missing and exit with 2
  --faults      only the tests that break things on purpose (npm run verify:faults)
  --all         everything: then those tests, and npm test under Node.js 24 (.ci/run)`;

/** `counts`: for tests, the file that they write their counts to. */
type Step = { readonly name: string; readonly command: readonly string[]; readonly counts?: string };

const scratch = mkdtempSync(join(tmpdir(), 'pvw-verify-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const { values } = parseArgs({
  options: {
    'no-install': { type: 'boolean', default: false },
    faults: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const checks: readonly Step[] = [
  { name: 'lint', command: local('biome', 'check', '--error-on-warnings') },
  { name: 'types', command: local('tsc', '-p', '.') },
  ...(existsSync(join(projectRoot, 'report/browser/tsconfig.json'))
    ? [{ name: 'types of the page', command: local('tsc', '-p', 'report/browser') }]
    : []),
  { name: 'dead code', command: local('knip') },
];

/** The newest line of Node.js that is supported. The npm package `node` brings its binary. */
const newerNode = 24;
const newerNodeDirectory = join(scratch, 'node');
const newerNodeCommand = join(newerNodeDirectory, 'node_modules/node/bin/node');
const installNewerNode: Step = {
  name: `Node.js ${newerNode}`,
  command: [
    'npm',
    'install',
    '--prefix',
    newerNodeDirectory,
    '--no-save',
    '--no-audit',
    '--no-fund',
    `node@${newerNode}`,
  ],
};

const usual = testRun('tests', 'test,verify');
const ofFaults = testRun('tests of faults', 'faults');
const underNewerNode = testRun(`tests under Node.js ${newerNode}`, 'test', newerNodeCommand);

const steps: readonly Step[] = [
  ...(values.faults ? [] : [...checks, usual]),
  ...(values.faults || values.all ? [ofFaults] : []),
  ...(values.all ? [installNewerNode, underNewerNode] : []),
];

if (values.help) console.log(helpText);
else {
  const startedMs = performance.now();
  const code = await verify();
  const took = roundedDuration(performance.now() - startedMs);
  console.log(code === 0 ? `\nverified in ${took}` : `\nfailed after ${took}`);
  const written = steps.flatMap(({ counts }) => (counts !== undefined && existsSync(counts) ? [counts] : []));
  console.log(
    lastLine(
      written.map((path) => readFileSync(path, 'utf8')),
      code,
    ),
  );
  process.exitCode = code;
}

/** Returns the exit code of the first step that failed, or 0. */
async function verify(): Promise<number> {
  const tools = await timed('system tools', () => provideTools(values['no-install']));
  if (tools !== 0) return tools;
  for (const { name, command } of steps) {
    const code = await timed(name, () => runStep(command));
    if (code !== 0) return code;
  }
  return 0;
}

function testRun(name: string, tiers: string, node = process.execPath): Step {
  const counts = join(scratch, `${tiers}.json`);
  const runner = ['testing/checks/run-tests.ts', '--tier', tiers, '--counts', counts];
  return { name, counts, command: [node, '--import', 'tsx', ...runner] };
}

async function timed(name: string, step: () => number | Promise<number>): Promise<number> {
  console.log(`\n== ${name}`);
  const stepStartedMs = performance.now();
  const code = await step();
  const seconds = ((performance.now() - stepStartedMs) / 1000).toFixed(1);
  console.log(`== ${name}: ${code === 0 ? 'ok' : `failed (exit code ${code})`} after ${seconds} s`);
  return code;
}

async function provideTools(noInstall: boolean): Promise<number> {
  const missing = missingTools();
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const decision = decideOnTools({ missing, noInstall, terminal, installer: findInstaller() });
  switch (decision.kind) {
    case 'complete':
      console.log('nothing is missing');
      return 0;
    case 'refuse':
      console.error(decision.text);
      return 2;
    case 'skip':
      sayWhatIsMissing(decision.reason, console.log);
      return 0;
    case 'ask':
    case 'install': {
      const allowed = decision.kind === 'install' || isYes(await ask(decision.question));
      const reason = allowed ? install(missing, decision.prefix, console.log) : 'the answer was no';
      sayWhatIsMissing(reason, console.log);
      return 0;
    }
  }
}

/** The answer from the terminal; empty if its input ends. */
async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  const answer = await Promise.race([terminal.question(question), ended]);
  terminal.close();
  return answer;
}

function runStep([command, ...args]: readonly string[]): number {
  const { status, error } = spawnSync(command!, args, { cwd: projectRoot, stdio: 'inherit' });
  if (error) console.error(error.message);
  return status ?? 1;
}

/** A tool that npm has installed here, in the version of the lock file, regardless of PATH. */
function local(name: string, ...args: readonly string[]): readonly string[] {
  return [join(projectRoot, 'node_modules/.bin', name), ...args];
}
