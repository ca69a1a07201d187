import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Answer, Question } from '../../machine/process/control.ts';

/** What is measured has a core for itself, and its other end the other one. */
export const cores = { measured: 0, otherEnd: 1 } as const;

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

/** More than anything takes here: the clients of a large crowd connect within half a minute. */
const answerWithinMs = 120_000;

/** Starts a program on a core, with `flags` of Node.js. Rejects every question once it has ended. */
export function startChild<C>(program: string, core: number, flags: readonly string[] = []): Child<C> {
  const child = spawn('taskset', ['-c', String(core), process.execPath, ...flags, program], {
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
      const patience = setTimeout(() => {
        waiting.delete(id);
        reject(new Error(`${program}: ${call}: no answer within ${answerWithinMs / 1000} s`));
      }, answerWithinMs);
      waiting.set(id, (answer) => {
        clearTimeout(patience);
        if (answer instanceof Error) reject(answer);
        else if ('error' in answer) reject(new Error(answer.error));
        else resolve(answer.answer);
      });
      child.send({ id, call, argument } satisfies Question, (error) => {
        if (!error) return;
        waiting.get(id)?.(error);
        waiting.delete(id);
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
