import { reasonOf } from '../../text/reason.ts';

/**
 * The calls that a process of a trial answers to its parent: one question, one answer, over the IPC channel and never
 * over the measured network. Each process declares its calls in its own main file.
 */
export type Calls = Readonly<Record<string, (argument: never) => unknown>>;

export type Question = { readonly id: number; readonly call: string; readonly argument: unknown };

export type Answer =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string };

/**
 * Answers the parent's questions until the channel closes, then exits: a child never outlives its parent.
 * Signals that reach the whole process group, as of Ctrl-C and a closed terminal, are ignored: the parent still has
 * results to save.
 */
export function answerParent(calls: Calls): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) process.on(signal, () => {});
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message) => {
    const { id, call, argument } = message as Question;
    answerOne(calls, call, argument).then(
      (answer) => process.send?.({ id, answer } satisfies Answer),
      (error: unknown) => process.send?.({ id, error: reasonOf(error) }),
    );
  });
}

async function answerOne(calls: Calls, call: string, argument: unknown): Promise<unknown> {
  const handler = calls[call];
  if (!handler) throw new Error(`control: ${call} is unknown`);
  return await handler(argument as never);
}
