import { coreUseOf } from '../../results/core-use.ts';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import { formatValue } from '../figures/format.ts';
import { limits } from './limits.ts';
import { caution, type Warning } from './warning.ts';

/**
 * Nodes and the proxy in front of them may be pinned to one core. Each waits while another has the core, and no event
 * loop counts that as busy, so a full core shows only in the sum of their CPU time. A process with a core of its own is
 * judged by its event loop.
 */
export function checkServerCore(trial: CompletedTrial): Warning<'core-full'> | undefined {
  const { server } = coreUseOf(trial);
  if (!server || server.names.length < 2 || server.share <= limits.core) return undefined;
  const busy = formatValue(server.share, 'share', 2);
  return caution(
    'core-full',
    `The core that ${server.names.join(', ')} share was ${busy} busy: latency is that of a queue. Lower the rate to see the transport's.`,
  );
}
