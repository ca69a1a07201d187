import { z } from 'zod';
import { count } from './plain-schema.ts';

export const environmentRecord = z.strictObject({
  node: z.string(),
  v8: z.string(),
  platform: z.string(),
  kernel: z.string(),
  cpuModel: z.string(),
  cores: count,
  memoryBytes: count,
  openFilesLimit: count.nullable(),
  congestionControl: z.string().nullable(),
  pinned: z.boolean().describe('whether processes were pinned to cores'),
  libraries: z.record(z.string(), z.string()),
  gitCommit: z.string().nullable().describe('with a plus sign where the tree differs from it'),
  // What follows came later: records without it stay readable.
  governor: z.string().nullable().optional().describe('of the first core: what decides its frequency'),
  clockSource: z.string().nullable().optional(),
  clockResolutionNs: z.number().optional().describe('the smallest step seen between two readings'),
  virtualisation: z.string().nullable().optional().describe('none, or the kind of machine or container'),
  cgroup: z
    .strictObject({ cpuCores: z.number().nullable(), memoryBytes: count.nullable() })
    .optional()
    .describe('limits of the control group, null where there is none'),
  load: z.array(z.number()).optional().describe('load averages of 1, 5 and 15 minutes at the start'),
  stealShare: z.number().nullable().optional().describe('of the time since boot, taken by the hypervisor'),
  irqTimeAccounting: z.boolean().nullable().optional().describe('whether interrupts are kept out of process times'),
  coresKeptAwake: z.boolean().optional().describe('whether idle cores were kept from falling asleep'),
  sysctls: z.record(z.string(), z.string()).optional().describe('settings of the network that change the figures'),
});
