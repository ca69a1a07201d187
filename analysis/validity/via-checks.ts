import type { CompletedTrial } from '../../results/schema/schema.ts';
import { caution, type Warning } from './warning.ts';

/** Behind a proxy of the user each server that listens is to have clients: an idle one is a setting that is wrong, or a sticky proxy. */
export function checkReached({
  clientsSeenByServer: seen = [],
  path,
}: CompletedTrial): Warning<'server-unreached'> | undefined {
  const idle = seen.flatMap((clients, index) => (clients === 0 ? [index + 1] : []));
  if (idle.length === 0) return undefined;
  const which = `${idle.length === 1 ? 'Server' : 'Servers'} ${idle.join(', ')} of the ${seen.length} in --listen`;
  return caution(
    'server-unreached',
    `${which} got no client through ${path.via ?? 'the proxy'}. Let it lead to all of them and spread clients, or list fewer.`,
  );
}
