import { unlessAborted } from '../../machine/process/unless-aborted.ts';
import type { Fleet, Member, Role } from './fleet.ts';

/**
 * The fleet for as long as the signal is not aborted. Then every open question rejects with the signal's reason, and so
 * does every later one, which its process never sees; nothing can be started or killed any more. `stop` still works.
 */
export function boundFleet(fleet: Fleet, signal: AbortSignal): Fleet {
  return {
    ...fleet,
    start: async (role, name) => {
      signal.throwIfAborted();
      return boundMember(await unlessAborted(fleet.start(role, name), signal), signal);
    },
  };
}

function boundMember<R extends Role>(member: Member<R>, signal: AbortSignal): Member<R> {
  const askMember = member.ask as unknown as (call: string, argument?: unknown) => Promise<unknown>;
  const ask = async (call: string, argument?: unknown) => {
    signal.throwIfAborted();
    return await unlessAborted(askMember(call, argument), signal);
  };
  return {
    ...member,
    // The types of the answers are those of the member: nothing but the end is added.
    ask: ask as unknown as Member<R>['ask'],
    kill: () => {
      if (!signal.aborted) member.kill();
    },
  };
}
