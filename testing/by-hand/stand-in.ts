import type { Crew } from '../../bench/fleet/crew.ts';
import type { CallsOf, Member, Role } from '../../bench/fleet/fleet.ts';

type AnyCall = (...given: never[]) => unknown;

/** The answers of a process, by the name of the call. */
export type Answers<R extends Role> = {
  readonly [C in keyof CallsOf[R]]?: CallsOf[R][C] extends AnyCall ? Awaited<ReturnType<CallsOf[R][C]>> : never;
};

/** Stands in for a process of a trial: gives these answers and rejects any other call. */
export function standIn<R extends Role>(
  role: R,
  name: string,
  answers: Answers<R> = {},
  core: number | null = null,
): Member<R> {
  const known: Readonly<Record<string, unknown>> = answers;
  const ask = (call: string): Promise<unknown> =>
    call in known ? Promise.resolve(known[call]) : Promise.reject(new Error(`${name} has no answer to ${call}`));
  // `Answers` has checked the type of each answer; the type of `ask` cannot say which call returns which.
  return { role, name, core, ask: ask as unknown as Member<R>['ask'], kill: () => {} };
}

/** A crew of these members and no others. */
export function crewOf(given: Partial<Crew>): Crew {
  return {
    servers: [],
    backplane: undefined,
    source: undefined,
    proxy: undefined,
    packetRelay: undefined,
    relays: [],
    loads: [],
    startedProxy: undefined,
    fallen: [],
    ...given,
  };
}
