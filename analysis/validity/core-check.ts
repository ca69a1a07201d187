import type { CompletedTrial, ProcessFigures } from '../../results/schema/schema.ts';
import { formatValue } from '../figures/format.ts';
import { limits } from './limits.ts';
import { caution, type Warning } from './warning.ts';

/**
 * Nodes and the proxy in front of them are pinned to one core. Each waits while another has the core, and no event loop
 * counts that as busy, so a full core shows only in the sum of their CPU time. A process with a core of its own is
 * judged by its event loop.
 */
export function checkServerCore(trial: CompletedTrial): Warning<'core-full'> | undefined {
  const { durationMs } = trial.window;
  const full = sharingOf(trial).find((sharing) => busyMs(sharing, trial) > limits.core * durationMs);
  if (!full) return undefined;
  const names = full.map(({ name }) => name).join(', ');
  const busy = formatValue(busyMs(full, trial) / durationMs, 'share', 2);
  return caution(
    'core-full',
    `The core that ${names} share was ${busy} busy: latency is that of a queue. Lower the rate to see the transport's.`,
  );
}

/** The processes on each core of a server that more than one process was pinned to. A core of null means not pinned. */
function sharingOf({ processes }: CompletedTrial): readonly (readonly ProcessFigures[])[] {
  const cores = new Set(processes.filter(({ role }) => role === 'server').flatMap(({ core }) => core ?? []));
  return [...cores]
    .map((core) => processes.filter((process) => process.core === core))
    .filter((sharing) => sharing.length > 1);
}

/** Milliseconds for which the core was busy; includes the kernel's own work if that was measured. */
function busyMs(sharing: readonly ProcessFigures[], { hostCpuWindowMs }: CompletedTrial): number {
  const used = sharing.reduce((sum, { cpuWindowMs }) => sum + cpuWindowMs, 0);
  return Math.max(used, hostCpuWindowMs ?? 0);
}
