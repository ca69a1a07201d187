import type { CompletedTrial } from '../../results/schema/schema.ts';
import { caution, type Warning } from './warning.ts';

/** Warns if a server behind the user's own proxy had no client: either a setting is wrong, or the proxy is sticky. */
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
