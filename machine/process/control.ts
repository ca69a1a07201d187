/**
 * The conversation between the parent of a trial and its processes: one question, one answer, over the IPC channel and
 * never over the measured network. Each process says in its own file which questions it takes.
 */
export type Calls = Readonly<Record<string, (argument: never) => unknown>>;

export type Question = { readonly id: number; readonly call: string; readonly argument: unknown };

export type Answer =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string };

/**
 * Answers the parent's questions until the channel closes, then ends the process: a child never outlives its parent.
 *
 * Ctrl-C reaches the whole group; the child ignores it, since the parent decides what is still to be saved.
 */
export function answerParent(calls: Calls): void {
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message) => {
    const { id, call, argument } = message as Question;
    answerOne(calls, call, argument).then(
      (answer) => process.send?.({ id, answer } satisfies Answer),
      (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.message : String(error) }),
    );
  });
}

async function answerOne(calls: Calls, call: string, argument: unknown): Promise<unknown> {
  const handler = calls[call];
  if (!handler) throw new Error(`control: ${call} is unknown`);
  return await handler(argument as never);
}
