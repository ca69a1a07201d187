import { spawnSync } from 'node:child_process';
import { readText } from './kernel-files.ts';

/** What the system reports about virtualisation; tests pass their own. */
export type Signs = {
  /**
   * Answers of systemd-detect-virt(1) for machine and container, `none` included; undefined where the tool is missing.
   */
  readonly machine: string | undefined;
  readonly container: string | undefined;
  readonly hypervisorType: string | undefined;
  readonly vendor: string | undefined;
  readonly cpuinfo: string | undefined;
};

/** What this process runs in: `kvm`, `docker in kvm`, `virtual machine, kind unknown`, or `none`; null when unknown. */
export function readVirtualisation(signs: Signs = readSigns()): string | null {
  const { container } = signs;
  const machine = machineOf(signs);
  const inContainer = container !== undefined && container !== '' && container !== 'none';
  if (!inContainer) return machine;
  return machine === null || machine === 'none' ? container : `${container} in ${machine}`;
}

function machineOf({ machine, hypervisorType, vendor, cpuinfo }: Signs): string | null {
  // Inside a container systemd may not see the machine and answer none: the processor flag then decides.
  if (machine && machine !== 'none') return machine;
  if (hypervisorType) return hypervisorType;
  if (cpuinfo === undefined) return null;
  // The flag comes from the (virtual) processor; the hypervisor's name may be missing all the same.
  if (/^flags\s*:.*\bhypervisor\b/m.test(cpuinfo))
    return `virtual machine${vendor ? ` (${vendor})` : ', kind unknown'}`;
  // Only x86 has this flag: its absence on other processors means nothing.
  return /^flags\s*:/m.test(cpuinfo) ? 'none' : null;
}

function readSigns(): Signs {
  return {
    machine: detect('--vm'),
    container: detect('--container'),
    hypervisorType: readText('/sys/hypervisor/type'),
    vendor: readText('/sys/class/dmi/id/sys_vendor'),
    cpuinfo: readText('/proc/cpuinfo'),
  };
}

/** The exit code is ignored: it is 1 for the answer "none". */
function detect(what: '--vm' | '--container'): string | undefined {
  const { stdout, error } = spawnSync('systemd-detect-virt', [what], { encoding: 'utf8', timeout: 2_000 });
  return error ? undefined : stdout.trim();
}
