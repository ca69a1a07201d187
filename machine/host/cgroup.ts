import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Limits of the control group of this process; null where there is none, or none that can be read. */
export type CgroupLimits = { readonly cpuCores: number | null; readonly memoryBytes: number | null };

/** Where things lie; tests have their own. */
export type CgroupPlace = { readonly membership: string; readonly mount: string };

const usual: CgroupPlace = { membership: '/proc/self/cgroup', mount: '/sys/fs/cgroup' };
/** Version 1 writes "no limit" as the largest number of pages. */
const unlimitedBytes = 2 ** 60;

/**
 * The tightest limits from the process's group up to the root, of version 2 or 1 of the interface (cgroups(7)). In a
 * container the paths of the membership are often those of the host; then only the root of the mount is left to read.
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

/** For how many milliseconds the group has been stopped since it exists for having used up its quota; null: not known. */
export function readThrottledMs(place: CgroupPlace = usual): number | null {
  const second = readings(place, '', 'cpu.stat').map((text) => fieldOf(text, 'throttled_usec') / 1000);
  const first = readings(place, 'cpu', 'cpu.stat').map((text) => fieldOf(text, 'throttled_time') / 1e6);
  const known = [...second, ...first].filter(Number.isFinite);
  return known.length > 0 ? Math.max(...known) : null;
}

/** `max 100000`: no limit; `150000 100000`: one and a half cores. */
function quotaOf([quota, period]: readonly (string | undefined)[]): number {
  return Number(quota) > 0 ? Number(quota) / Number(period) : Number.NaN;
}

function readings(place: CgroupPlace, controller: string, file: string): readonly string[] {
  return directories(place, controller)
    .map((path) => readText(join(path, file)))
    .filter((text) => text !== undefined);
}

/** Directories of the process's group and of all above it, of one controller of version 1 or, if empty, of version 2. */
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

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
