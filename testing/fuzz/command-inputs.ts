import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flagOf } from '../../cli/options/declaration.ts';
import { runOptions } from '../../cli/options/run-options.ts';
import { projectRoot } from '../../machine/host/project-root.ts';
import { transports } from '../../protocol/transport.ts';
import { scenarios } from '../../scenarios/catalogue/catalogue.ts';
import type { Random } from '../../scenarios/random.ts';
import { openCommand } from '../commands/asked-command.ts';
import { hostileNumbers, hostileTexts, mutatedText } from './hostile.ts';
import { endFault, type Kind, terminalFault } from './kind.ts';
import { writeHostileRun } from './run-inputs.ts';

const pvw = join(projectRoot, 'bin/pvw.js');
const endsWithinMs = 60_000;
/** These wait for a path of the user, or start a viewer. */
const leftOut = new Set(['via', 'listen', 'open']);

const values: readonly string[] = [
  ...transports,
  ...scenarios.map(({ name }) => name),
  ...['quick', 'smoke', 'full', 'paths', '10', '1', '0', '250ms', '2s', '5m', '1mbit', '0.5%', 'home', 'satellite'],
  ...['direct', 'nginx', 'tls', 'sse,websocket', 'auto', 'loopback', 'isolated', 'ip_hash', 'browser', 'on', 'off'],
  ...['websocket.latency.p99<250ms', 'chat-room/sse.stale<=5%', 'bytes<1', 'wrong.yaml', 'trace.txt', '.'],
  ...hostileNumbers.map(String),
];

function value(random: Random): string {
  const usual = random.pick(values);
  const text =
    random.integer(3) === 0 ? mutatedText(usual, random) : random.integer(5) === 0 ? random.pick(hostileTexts) : usual;
  // The system takes no such argument.
  return text.replaceAll('\0', '').slice(0, 10_000);
}

/** Words after `pvw`. A `run` never begins, because its directory cannot be used. */
function commandLine(random: Random): readonly string[] {
  const verb = random.pick([
    'run',
    'run',
    'run',
    'run',
    'list',
    'report',
    'compare',
    'init-scenario',
    'doctor',
    'help',
    value(random),
  ]);
  const keys = Object.keys(runOptions).filter((key) => !leftOut.has(key));
  const words = Array.from({ length: random.integer(6) }, () => {
    if (random.integer(3) === 0) return [value(random)];
    const key = random.pick(keys);
    return runOptions[key]!.takes === undefined ? [flagOf(key)] : [flagOf(key), value(random)];
  }).flat();
  const safe = words.filter((word) => word !== '--' && !/^--?(via|listen|open)/.test(word));
  return verb === 'run' ? ['run', ...safe, '--out', 'full'] : [verb, ...safe];
}

function prepare(): string {
  const home = mkdtempSync(join(tmpdir(), 'fuzz-'));
  mkdirSync(join(home, 'full'));
  writeFileSync(join(home, 'full', 'precious.txt'), 'keep me');
  writeFileSync(join(home, 'wrong.yaml'), 'name: wrong\nclinets: 3\n');
  writeFileSync(join(home, 'trace.txt'), '0\n10\nlength 20\n');
  return home;
}

/** Command lines, run by the command without its start, which takes most of the time. */
export const optionKind: Kind = {
  open: async () => {
    const home = prepare();
    const command = openCommand(home);
    return {
      attempt: async (random) => {
        const words = commandLine(random);
        const { code, stdout, stderr } = await command.ask(...words);
        const fault = endFault(code, stderr) ?? terminalFault(stdout);
        return fault && `${JSON.stringify(words)}: ${fault}`;
      },
      close: async () => {
        command.stop();
        rmSync(home, { recursive: true, force: true });
      },
    };
  },
};

/** The command as users start it: half of the time with any words, half to report a hostile run. */
export const commandKind: Kind = {
  open: async () => {
    const home = prepare();
    return {
      attempt: async (random) => {
        const isReport = random.integer(2) === 0;
        if (isReport) writeHostileRun(join(home, 'run'), random);
        const words = isReport ? ['report', 'run'] : commandLine(random);
        const { code, stdout, stderr } = await runCommand(home, words);
        const fault = endFault(code, stderr) ?? terminalFault(stdout);
        return fault && `${JSON.stringify(words)}: ${fault}`;
      },
      close: async () => rmSync(home, { recursive: true, force: true }),
    };
  },
};

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

function runCommand(directory: string, words: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [pvw, ...words], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: endsWithinMs,
      killSignal: 'SIGKILL',
    });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        said[name] += text;
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...said }));
  });
}
