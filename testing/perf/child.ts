import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Answer, Question } from '../../machine/process/control.ts';

/** A program of a measurement, with the calls that it answers. */
export type Child<C> = {
  readonly pid: number;
  readonly ask: <N extends keyof C & string>(
    call: N,
    ...argument: C[N] extends (...argument: infer A) => unknown ? A : never
  ) => Promise<C[N] extends (argument: never) => infer R ? Awaited<R> : never>;
  /** Ends it, and waits until it is gone. */
  readonly end: () => Promise<void>;
};

/** Starts a program on a core. Rejects every question once it has ended. */
export function startChild<C>(program: string, core: number): Child<C> {
  const child = spawn('taskset', ['-c', String(core), process.execPath, program], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const waiting = new Map<number, (answer: Answer | Error) => void>();
  let nextId = 0;
  child.on('message', (message) => {
    const answer = message as Answer;
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  child.once('exit', () => {
    for (const answer of waiting.values()) answer(new Error(`${program} has ended`));
  });
  const ask = (call: string, argument?: unknown) =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      waiting.set(id, (answer) => {
        if (answer instanceof Error) reject(answer);
        else if ('error' in answer) reject(new Error(answer.error));
        else resolve(answer.answer);
      });
      child.send({ id, call, argument } satisfies Question, (error) => {
        if (error && waiting.delete(id)) reject(new Error(`${program}: ${call}: ${error.message}`));
      });
    });
  return { pid: child.pid!, ask: ask as unknown as Child<C>['ask'], end: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), 1_000);
  await gone;
  clearTimeout(timer);
}
