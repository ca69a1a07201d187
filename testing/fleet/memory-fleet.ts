import type { Fleet, Member, Role } from '../../bench/fleet/fleet.ts';
import { memoryProcess } from './memory-processes.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { World } from './world.ts';

/** Called before a process gets a call. What it throws is the answer; while it waits, the answer is delayed. */
export type Meddle = (asked: Asked) => unknown;

type Asked = {
  readonly name: string;
  readonly call: string;
  readonly argument: unknown;
  readonly fleet: MemoryFleet;
};

type Open = { readonly name: string; readonly reject: (error: Error) => void };

/** The processes of one trial, simulated by a `World`. */
export class MemoryFleet implements Fleet {
  readonly world: World;
  readonly lost: Promise<never>;
  /** Every call so far, and its instant in the virtual time that all trials share. */
  readonly asked: { readonly name: string; readonly call: string; readonly atUs: number }[] = [];
  readonly started: string[] = [];
  readonly killed: string[] = [];
  readonly #time: VirtualTime;
  readonly #meddle: Meddle;
  readonly #open = new Set<Open>();
  readonly #dead = new Map<string, Error>();
  #lose: (error: Error) => void = () => {};

  constructor(time: VirtualTime, world: World, meddle: Meddle = () => {}) {
    this.#time = time;
    this.world = world;
    this.#meddle = meddle;
    this.lost = new Promise<never>((_, reject) => {
      this.#lose = reject;
    });
    this.lost.catch(() => {});
  }

  /** Number of calls without an answer so far. */
  get openQuestions(): number {
    return this.#open.size;
  }

  readonly start = async <R extends Role>(role: R, name: string): Promise<Member<R>> => {
    this.started.push(name);
    const answers = memoryProcess(role, name, this.world, this.#time);
    const ask = (call: string, argument?: unknown) => this.#ask(name, answers, call, argument);
    return {
      role,
      name,
      core: role === 'server' || role === 'proxy' ? 1 : 0,
      // The answers are typed by role; an answer looked up by its name cannot be.
      ask: ask as unknown as Member<R>['ask'],
      kill: () => this.#kill(name),
    };
  };

  readonly stop = async (): Promise<void> => {
    this.world.end();
    for (const name of this.started) this.#bury(name, new Error(`${name} ended (stopped)`));
  };

  /** Makes a process end by itself, as if out of memory. */
  die(name: string): void {
    const error = new Error(`${name} ended (exit code 1): out of memory`);
    this.#bury(name, error);
    this.#lose(error);
  }

  #kill(name: string): void {
    this.killed.push(name);
    this.#bury(name, new Error(`${name} ended (SIGKILL)`));
    this.world.servers.splice(this.world.servers.indexOf(name), 1);
    this.world.cut(this.world.clients.filter(({ server }) => server === name));
  }

  #bury(name: string, error: Error): void {
    if (!this.#dead.has(name)) this.#dead.set(name, error);
    for (const open of this.#open) if (open.name === name) open.reject(error);
  }

  #ask(name: string, answers: object, call: string, argument: unknown): Promise<unknown> {
    this.asked.push({ name, call, atUs: this.#time.nowUs });
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        this.#open.delete(open);
        act();
      };
      const open: Open = { name, reject: (error) => settle(() => reject(error)) };
      this.#open.add(open);
      this.#answer(name, answers, call, argument).then(
        (answer) => settle(() => resolve(answer)),
        (error: Error) => open.reject(error),
      );
    });
  }

  async #answer(name: string, answers: object, call: string, argument: unknown): Promise<unknown> {
    await this.#meddle({ name, call, argument, fleet: this });
    const dead = this.#dead.get(name);
    if (dead) throw dead;
    const answer: (given: unknown) => unknown = Reflect.get(answers, call);
    return await answer(argument);
  }
}
