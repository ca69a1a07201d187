import { type ChildProcess, spawn } from 'node:child_process';
import type { Answer, Question } from '../../machine/process/control.ts';
import type { Fleet, Member, Role } from '../fleet/fleet.ts';
import { lastWords } from './last-words.ts';
import type { Pinning } from './pinning.ts';

// A process that is still alive this long after its channel was closed is killed.
const endWithinMs = 1_000;
const keptErrorBytes = 8_000;

type Child = {
  readonly process: ChildProcess;
  readonly ended: Promise<void>;
};

/**
 * Keeps V8 from collecting the garbage of the warm-up some seconds later: that would fall into the window of one trial
 * and not of the next, and take 30 ms of CPU where a calm scenario uses 15.
 */
const forAll = ['--no-memory-reducer'];

/**
 * The source has real-time priority (`goFirst`). With helper threads of the garbage collector, its main thread turns the
 * event loop until they are done, and on one core they would wait for the end of its time slice.
 */
const forSource = ['--single-threaded-gc'];

function engineOptions(role: Role): readonly string[] {
  return role === 'source' ? [...forAll, ...forSource] : forAll;
}

/** Words to put before a command so that it runs where its role belongs; empty: where this process runs. */
export type Placement = (role: Role) => readonly string[];

export const here: Placement = () => [];

/** Runs the processes of a trial as child processes, and talks to them over IPC. */
export function createLocalFleet(
  programs: Readonly<Record<Role, string>>,
  pinning: Pinning,
  place: Placement = here,
): Fleet {
  const children: Child[] = [];
  const started = new Map<Role, number>();
  let stopping = false;
  let lose: (error: Error) => void = () => {};
  const lost = new Promise<never>((_, reject) => {
    lose = reject;
  });
  // Avoids an unhandled rejection if a process is lost before anything waits for it.
  lost.catch(() => {});

  return {
    lost,
    start: async <R extends Role>(role: R, name: string) => {
      const index = started.get(role) ?? 0;
      started.set(role, index + 1);
      const core = pinning.coreOf(role, index);
      const child = spawnProgram([...place(role), process.execPath, ...engineOptions(role), programs[role]], core);
      let killed = false;
      const { ask, ended } = converse<R>(child, name, (error) => {
        if (!stopping && !killed) lose(error);
      });
      children.push({ process: child, ended });
      const kill = () => {
        killed = true;
        child.kill('SIGKILL');
      };
      return { role, name, core, ask, kill } satisfies Member<R>;
    },
    stop: async () => {
      stopping = true;
      // Rejects for everything that still waits for a lost process.
      lose(new Error('the fleet was stopped'));
      await Promise.all(children.map(end));
    },
  };
}

/** Each command before the program replaces itself by the next one (exec), so the channel to this process stays. */
function spawnProgram(program: readonly string[], core: number | null): ChildProcess {
  const [command, ...given] = core === null ? program : ['taskset', '-c', String(core), ...program];
  return spawn(command!, given, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    // Measured processes do not inherit the options of this process, such as a loader or an inspector.
    env: { ...process.env, NODE_OPTIONS: '' },
  });
}

/** Errors of a channel whose other end is closed. */
const endings: ReadonlySet<string> = new Set(['ERR_IPC_CHANNEL_CLOSED', 'EPIPE', 'ECONNRESET']);

type Waiting = { readonly resolve: (answer: unknown) => void; readonly reject: (error: Error) => void };

function converse<R extends Role>(
  child: ChildProcess,
  name: string,
  onEnd: (error: Error) => void,
): { readonly ask: Member<R>['ask']; readonly ended: Promise<void> } {
  const waiting = new Map<number, Waiting>();
  let said = '';
  let nextId = 0;
  let over: Error | undefined;
  let settleEnded: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    settleEnded = resolve;
  });

  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-keptErrorBytes);
  });
  child.on('message', (message) => {
    const answer = message as Answer;
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('error' in answer) asked?.reject(new Error(`${name}: ${answer.error}`));
    else asked?.resolve(answer.answer);
  });
  const finish = (how: string) => {
    if (over) return;
    const words = lastWords(said);
    over = new Error(`${name} ended (${how})${words === '' ? '' : `: ${words}`}`);
    for (const { reject } of waiting.values()) reject(over);
    waiting.clear();
    settleEnded();
    onEnd(over);
  };
  child.once('error', (error) => finish(error.message));
  // Not 'close': it never comes after this side has closed the channel. The end of stderr may come after 'exit'.
  child.once('exit', (code, signal) => {
    const how = signal ?? `exit code ${code}`;
    if (!child.stderr || child.stderr.closed) finish(how);
    else child.stderr.once('close', () => finish(how));
  });

  const ask = (call: string, argument?: unknown) =>
    new Promise<unknown>((resolve, reject) => {
      if (over) {
        reject(over);
        return;
      }
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      child.send({ id, call, argument } satisfies Question, (error) => {
        // The process has ended or is ending: `finish` rejects with how, and with its last words.
        if (!error || endings.has((error as NodeJS.ErrnoException).code ?? '')) return;
        if (waiting.delete(id)) reject(new Error(`${name}: ${error.message}`));
      });
    });
  // The answers have the types of the role that the child was started in.
  return { ask: ask as unknown as Member<R>['ask'], ended };
}

async function end({ process: child, ended }: Child): Promise<void> {
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), endWithinMs);
  await ended;
  clearTimeout(timer);
}
