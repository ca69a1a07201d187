import { unlessAborted } from '../../machine/process/unless-aborted.ts';
import type { Fleet, Member, Role } from './fleet.ts';

/**
 * The fleet, usable until the signal is aborted. From then on all open and new questions reject with the signal's
 * reason, new ones without reaching their process, and nothing can be started or killed. `stop` still works.
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
    // Answers keep the types of the member; only the rejection on abort is added.
    ask: ask as unknown as Member<R>['ask'],
    kill: () => {
      if (!signal.aborted) member.kill();
    },
  };
}
