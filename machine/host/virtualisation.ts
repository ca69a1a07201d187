import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Where the signs of a virtual machine are; tests have their own. */
export type Signs = {
  /** What systemd-detect-virt(1) says of machine and container, `none` included; undefined where it is missing. */
  readonly machine: string | undefined;
  readonly container: string | undefined;
  readonly hypervisorType: string | undefined;
  readonly vendor: string | undefined;
  readonly cpuinfo: string | undefined;
};

/** `none`, or what this runs in: `kvm`, `docker in kvm`, `virtual machine, kind unknown`; null where nothing says. */
export function readVirtualisation(signs: Signs = readSigns()): string | null {
  const { container } = signs;
  const machine = machineOf(signs);
  const inContainer = container !== undefined && container !== '' && container !== 'none';
  if (!inContainer) return machine;
  return machine === null || machine === 'none' ? container : `${container} in ${machine}`;
}

function machineOf({ machine, hypervisorType, vendor, cpuinfo }: Signs): string | null {
  // Inside of a container it may not see the machine: then it says none, and the processor knows better.
  if (machine && machine !== 'none') return machine;
  if (hypervisorType) return hypervisorType;
  if (cpuinfo === undefined) return null;
  // The flag is the processor's own word; who set it up may have left no name.
  if (/^flags\s*:.*\bhypervisor\b/m.test(cpuinfo))
    return `virtual machine${vendor ? ` (${vendor})` : ', kind unknown'}`;
  // Only x86 has the flag: its absence elsewhere says nothing.
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

/** It ends with 1 when it answers "none". */
function detect(what: '--vm' | '--container'): string | undefined {
  const { stdout, error } = spawnSync('systemd-detect-virt', [what], { encoding: 'utf8', timeout: 2_000 });
  return error ? undefined : stdout.trim();
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
