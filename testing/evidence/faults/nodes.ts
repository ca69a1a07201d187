import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { projectRoot } from '../../../machine/host/project-root.ts';
import type { Evidence, Finding } from '../evidence.ts';

/** The oldest that is supported, and the later lines with long-term support. */
const versions = ['20.19.0', '22', '24'] as const;

const steps = [
  { name: 'npm ci', words: ['npm', 'ci'] },
  { name: 'npm test', words: ['npm', 'test'] },
  {
    name: 'smoke',
    words: ['node', 'bin/pvw.js', 'run', 'chat-room', '--profile', 'smoke', '--quiet', '--out', 'smoke'],
  },
] as const;

/** Exit code of a run in which a trial is invalid: a busy machine, not a fault of the version. */
const exitInvalid = 4;

/** The last commit under each version of Node.js that is supported. The npm package `node` brings the binaries. */
export const nodesEvidence: Evidence = {
  summary: `npm ci, npm test and a smoke run under Node.js ${versions.join(', ')}`,
  measure: async (say) => {
    const home = mkdtempSync(join(tmpdir(), 'nodes-'));
    try {
      const findings: Finding[] = [];
      for (const version of versions) findings.push(await findingOf(version, join(home, version), say));
      return findings;
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
};

async function findingOf(version: string, home: string, say: (line: string) => void): Promise<Finding> {
  const claim = `Node.js ${version}: npm ci, npm test and a smoke run`;
  mkdirSync(home);
  const project = join(home, 'project');
  const own = join(home, 'node');
  await run(['git', 'clone', '--quiet', projectRoot, project], home, process.env);
  await run(['npm', 'install', '--prefix', own, '--no-save', `node@${version}`], home, process.env);
  const env = { ...process.env, PATH: [join(own, 'node_modules/node/bin'), process.env.PATH].join(delimiter) };
  const said: string[] = [(await run(['node', '--version'], home, env)).output.trim()];
  if (!said[0]!.startsWith(`v${version}`)) return { claim, found: `ran under ${said[0]}`, holds: false };
  for (const { name, words } of steps) {
    const { code, output } = await run(words, project, env);
    const holds = code === 0 || (name === 'smoke' && code === exitInvalid);
    const last = output.trimEnd().split('\n').at(-1) ?? '';
    said.push(`${name}: ${holds ? '' : `exit code ${code}, `}${name === 'npm test' || !holds ? last : 'ok'}`);
    say(`${version}: ${said.at(-1)}`);
    if (!holds) return { claim, found: said.join('; '), holds };
  }
  return { claim, found: said.join('; '), holds: true };
}

function run(
  [command, ...args]: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    execFile(command!, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, output: stdout || stderr });
    });
  });
}
