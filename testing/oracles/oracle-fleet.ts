import type { Fleet, Member, Role } from '../../bench/fleet/fleet.ts';
import type { LoadConfig } from '../../clients/load/crowd.ts';
import type { ServerConfig } from '../../servers/main/main.ts';

/** Changes that an oracle makes between the bench and the processes of a trial, and the events it subscribes to. */
export type Intervention = {
  /** Changes the configuration that the server is started with. */
  readonly server?: (config: ServerConfig) => Promise<ServerConfig>;
  /** Changes the configuration that a load process is started with. */
  readonly load?: (config: LoadConfig) => Promise<LoadConfig>;
  /** Called before the measured window, with its start by the trial's clock. */
  readonly window?: (startUs: number) => void;
};

/** A fleet of real processes whose configurations the oracle changes without the bench noticing. */
export function interveneIn(fleet: Fleet, { server, load, window }: Intervention): Fleet {
  const changed = async (role: Role, call: string, argument: unknown): Promise<unknown> => {
    if (role === 'server' && call === 'start') return (await server?.(argument as ServerConfig)) ?? argument;
    if (role === 'load' && call === 'start') return (await load?.(argument as LoadConfig)) ?? argument;
    return argument;
  };
  // Only the play that follows `begin` is the window; the one before it is the warm-up.
  let begun = false;
  const tell = (role: Role, call: string, argument: unknown) => {
    if (role !== 'load') return;
    if (call === 'begin') begun = true;
    if (call === 'play' && begun) window?.(argument as number);
  };
  return {
    ...fleet,
    start: async <R extends Role>(role: R, name: string): Promise<Member<R>> => {
      const member = await fleet.start(role, name);
      const askMember = member.ask as unknown as (call: string, argument?: unknown) => Promise<unknown>;
      const ask = async (call: string, argument?: unknown) => {
        tell(role, call, argument);
        return askMember(call, await changed(role, call, argument));
      };
      return { ...member, ask: ask as unknown as Member<R>['ask'] };
    },
  };
}
