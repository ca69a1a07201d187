import { keepCoresAwake } from '../../../machine/host/wakeful-cores.ts';
import { reasonOf } from '../../../text/reason.ts';
import { Missed } from '../../perf/attempts.ts';
import { withPerfPrograms } from '../../perf/programs.ts';
import type { Evidence, Finding } from '../evidence.ts';
import { clientParts } from './client-cost.ts';
import { sizesPart } from './client-sizes.ts';
import { commandsPart } from './command-times.ts';
import { latencyPart } from './latency.ts';
import type { Part, PartContext } from './part.ts';
import { readOptions } from './perf-options.ts';
import { serverParts } from './server-cost.ts';

const parts = {
  ...clientParts,
  ...serverParts,
  latency: latencyPart,
  sizes: sizesPart,
  commands: commandsPart,
} as const satisfies Readonly<Record<string, Part>>;

type PartName = keyof typeof parts;

const partNames = Object.keys(parts) as readonly PartName[];

/** What our clients and servers cost beside what they could cost at least, everything in turns and as ratios. */
export const perfEvidence: Evidence = {
  summary:
    'cost of a delivery, a client, a start: beside bare sockets, ws, undici, node:http; --rounds 1 --series sse,…',
  hasOptions: true,
  measure: (say, options) => {
    const { rounds, names } = readOptions(options, partNames);
    return withPerfPrograms(async (programs) => {
      // As in a run: a core that slept charges the next delivery for waking up.
      const awake = keepCoresAwake();
      if (!awake) say('the cores may sleep here, as they may in a run on this machine');
      try {
        const findings: Finding[] = [];
        for (const name of names) findings.push(...(await measurePart(name, { programs, rounds, say })));
        return findings;
      } finally {
        awake?.close();
      }
    });
  },
};

/** What could not be measured is a finding that does not hold: the others are not lost by it. */
async function measurePart(name: PartName, context: PartContext): Promise<readonly Finding[]> {
  const startMs = performance.now();
  try {
    return await parts[name](context);
  } catch (error) {
    const found = `${reasonOf(error)}${error instanceof Missed ? '; free the machine and measure again' : ''}`;
    context.say(`${name}: ${found}`);
    return [{ claim: `${name}: can be measured`, found, holds: false }];
  } finally {
    context.say(`${name}: ${((performance.now() - startMs) / 60_000).toFixed(1)} min`);
  }
}
