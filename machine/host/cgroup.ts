import { join } from 'node:path';
import { readText } from './kernel-files.ts';

/** Limits of this process's control group; null: no limit, or none that can be read. */
export type CgroupLimits = { readonly cpuCores: number | null; readonly memoryBytes: number | null };

/** Where the cgroup files are; tests pass their own directories. */
export type CgroupPlace = { readonly membership: string; readonly mount: string };

const usual: CgroupPlace = { membership: '/proc/self/cgroup', mount: '/sys/fs/cgroup' };
/** Version 1 writes "no limit" as the largest number of pages. */
const unlimitedBytes = 2 ** 60;

/**
 * The tightest limits from the process's group up to the root, in version 1 or 2 of the interface (cgroups(7)). In a
 * container the membership file often shows the paths of the host; then only the root of the mount can be read.
 */
export function readCgroupLimits(place: CgroupPlace = usual): CgroupLimits {
  const cores = [
    ...readings(place, '', 'cpu.max').map((text) => quotaOf(text.split(/\s+/))),
    ...directories(place, 'cpu').map((path) =>
      quotaOf([readText(join(path, 'cpu.cfs_quota_us')), readText(join(path, 'cpu.cfs_period_us'))]),
    ),
  ];
  const bytes = [...readings(place, '', 'memory.max'), ...readings(place, 'memory', 'memory.limit_in_bytes')].map(
    Number,
  );
  return {
    cpuCores: smallest(cores),
    memoryBytes: smallest(bytes.filter((value) => value < unlimitedBytes)),
  };
}

/**
 * Milliseconds for which the group was stopped since it was created because it had used up its CPU quota; null:
 * unknown.
 */
export function readThrottledMs(place: CgroupPlace = usual): number | null {
  const second = readings(place, '', 'cpu.stat').map((text) => fieldOf(text, 'throttled_usec') / 1000);
  const first = readings(place, 'cpu', 'cpu.stat').map((text) => fieldOf(text, 'throttled_time') / 1e6);
  const known = [...second, ...first].filter(Number.isFinite);
  return known.length > 0 ? Math.max(...known) : null;
}

/** `150000 100000` is 1.5 cores; `max 100000` is no limit: NaN. */
function quotaOf([quota, period]: readonly (string | undefined)[]): number {
  return Number(quota) > 0 ? Number(quota) / Number(period) : Number.NaN;
}

function readings(place: CgroupPlace, controller: string, file: string): readonly string[] {
  return directories(place, controller)
    .map((path) => readText(join(path, file)))
    .filter((text) => text !== undefined);
}

/** Directories of the process's group and its ancestors. `controller`: one of version 1; empty for version 2. */
function directories({ membership, mount }: CgroupPlace, controller: string): readonly string[] {
  const lines = (readText(membership) ?? '').split('\n').map((line) => line.split(':'));
  const own = lines.find(([, controllers = '']) =>
    controller === '' ? controllers === '' : controllers.split(',').includes(controller),
  );
  if (!own) return [];
  const parts = own.slice(2).join(':').split('/').filter(Boolean);
  return [...parts.keys(), parts.length].map((length) => join(mount, controller, ...parts.slice(0, length)));
}

function fieldOf(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
}

function smallest(values: readonly number[]): number | null {
  const known = values.filter((value) => Number.isFinite(value));
  return known.length > 0 ? Math.min(...known) : null;
}
