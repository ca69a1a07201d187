import { existsSync, mkdtempSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from '../../text/attempt.ts';
import { readText } from './kernel-files.ts';

/** A control group whose processes together get so much CPU time and no more. */
export type CpuQuota = {
  /** Words to put before a command so that it runs in the group. */
  readonly enter: readonly string[];
  /** Removes the group. Its processes have ended. */
  readonly close: () => void;
};

/** The usual period is 100 ms: with half a CPU a busy server would stand still for 50 ms each time. */
const periodUs = 20_000;
const usualMount = '/sys/fs/cgroup';
const prefix = 'pvw-';

/**
 * Makes a control group with a quota of CPU time (cgroups(7), `cpu.max` of version 2 or `cpu.cfs_quota_us` of version 1),
 * which needs root. Throws what the system says where there is none to be had. `cpus`: such as 0.5.
 */
export function openCpuQuota(cpus: number, mount: string = usualMount): CpuQuota {
  const isSecond = existsSync(join(mount, 'cgroup.controllers'));
  const parent = isSecond ? mount : join(mount, 'cpu');
  removeLeftBehind(parent);
  const group = mkdtempSync(join(parent, `${prefix}${process.pid}-`));
  const close = () => attempt(() => rmdirSync(group));
  try {
    const quotaUs = Math.round(cpus * periodUs);
    if (isSecond) {
      if (!lists(join(mount, 'cgroup.subtree_control'), 'cpu')) write(mount, 'cgroup.subtree_control', '+cpu');
      write(group, 'cpu.max', `${quotaUs} ${periodUs}`);
    } else {
      write(group, 'cpu.cfs_period_us', String(periodUs));
      write(group, 'cpu.cfs_quota_us', String(quotaUs));
    }
  } catch (error) {
    close();
    throw error;
  }
  return { enter: ['sh', '-c', 'echo $$ > "$0" && exec "$@"', join(group, 'cgroup.procs')], close };
}

function write(group: string, file: string, text: string): void {
  writeFileSync(join(group, file), text);
}

function lists(file: string, word: string): boolean {
  return readText(file)?.split(' ').includes(word) === true;
}

/** Groups of runs that were killed. Only a group without processes can be removed. */
function removeLeftBehind(parent: string): void {
  const names = existsSync(parent) ? readdirSync(parent).filter((name) => name.startsWith(prefix)) : [];
  const isLeft = (name: string) => !existsSync(`/proc/${name.split('-')[1]}`);
  for (const name of names.filter(isLeft)) attempt(() => rmdirSync(join(parent, name)));
}
