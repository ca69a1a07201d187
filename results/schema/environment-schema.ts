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
  gitCommit: z.string().nullable().describe('followed by + if the working tree differs from it'),
  // The fields below were added later. They are optional, so that older records stay readable.
  governor: z.string().nullable().optional().describe('frequency governor of the first core'),
  clockSource: z.string().nullable().optional(),
  clockResolutionNs: z.number().optional().describe('the smallest step seen between two readings'),
  virtualisation: z.string().nullable().optional().describe('none, or the kind of machine or container'),
  cgroup: z
    .strictObject({ cpuCores: z.number().nullable(), memoryBytes: count.nullable() })
    .optional()
    .describe('limits of the control group; null: no limit'),
  load: z.array(z.number()).optional().describe('load averages of 1, 5 and 15 minutes at the start'),
  stealShare: z.number().nullable().optional().describe('share of the time since boot taken by the hypervisor, 0 to 1'),
  irqTimeAccounting: z
    .boolean()
    .nullable()
    .optional()
    .describe('whether interrupt time is kept out of process CPU times'),
  coresKeptAwake: z.boolean().optional().describe('whether idle cores were kept out of sleep states'),
  sysctls: z.record(z.string(), z.string()).optional().describe('network settings that affect the figures'),
});
