import { rmSync } from 'node:fs';
import { temporaryHome } from '../../commands/isolated-command.ts';
import { killRuns } from '../../faults/killed-runs.ts';
import type { Evidence } from '../evidence.ts';

const kills = 100;
/** Two of three wait until they measure. */
const leastReached = 60;

/** Runs that die without a word: what had finished is readable, and the next run finds a clean machine. */
export const killsEvidence: Evidence = {
  summary: `${kills} runs killed with SIGKILL at random instants: readable, and nothing is left`,
  measure: async () => {
    const home = temporaryHome('killed-');
    try {
      const { reached, announced, trials, unreadable, left } = await killRuns(home, kills, 1);
      return [
        {
          claim: `every trial that ${kills} killed runs had announced can be read, and the next run begins`,
          found: `${announced} announced, ${trials} read; ${unreadable.join('; ') || 'all can be read'}`,
          holds: unreadable.length === 0 && announced > 0,
        },
        {
          claim: `at least ${leastReached} of them had network namespaces when they were killed`,
          found: String(reached),
          holds: reached >= leastReached,
        },
        {
          claim: 'no process, namespace, device or temporary file is left after the next run',
          found: left.join(', ') || 'none',
          holds: left.length === 0,
        },
      ];
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
};
