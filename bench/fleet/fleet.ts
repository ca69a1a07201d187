import type { LoadCalls } from '../../clients/load/main.ts';
import type { ProxyCalls } from '../../network/proxy/proxy-main.ts';
import type { RelayCalls } from '../../network/relay/relay-main.ts';
import type { BackplaneCalls } from '../../servers/main/backplane-main.ts';
import type { ServerCalls } from '../../servers/main/main.ts';
import type { SourceCalls } from '../../servers/main/source-main.ts';

/** The roles of processes in a trial, and the calls that each role answers. */
export type CallsOf = {
  readonly server: ServerCalls;
  readonly load: LoadCalls;
  readonly source: SourceCalls;
  readonly relay: RelayCalls;
  readonly backplane: BackplaneCalls;
  readonly proxy: ProxyCalls;
};

export type Role = keyof CallsOf;

type Call<R extends Role, C extends keyof CallsOf[R]> = CallsOf[R][C] extends (...given: infer A) => infer B
  ? (...given: A) => Promise<Awaited<B>>
  : never;

/** A running process of a trial, wherever it runs. */
export type Member<R extends Role> = {
  readonly role: R;
  readonly name: string;
  readonly core: number | null;
  /** Asks one question. Rejects with the process's own error text, or when the process ends. */
  readonly ask: <C extends keyof CallsOf[R] & string>(
    call: C,
    ...argument: Parameters<Call<R, C>>
  ) => ReturnType<Call<R, C>>;
  /** Ends it at once, as `kill -9` does. The fleet does not count it as lost. */
  readonly kill: () => void;
};

/** Starts, asks and ends the processes of a trial, wherever they run: child processes on one machine, others in tests. */
export type Fleet = {
  readonly start: <R extends Role>(role: R, name: string) => Promise<Member<R>>;
  /** Rejects as soon as a process that was started ends by itself. */
  readonly lost: Promise<never>;
  /** Ends all processes that were started; resolves once they are gone. */
  readonly stop: () => Promise<void>;
};
