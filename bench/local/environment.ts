import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { allowedCores } from '../../machine/host/allowed-cores.ts';
import { readCgroupLimits } from '../../machine/host/cgroup.ts';
import { clockResolutionNs } from '../../machine/host/clock-check.ts';
import { readHostTime } from '../../machine/host/host-time.ts';
import { readIrqTimeAccounting, readSysctls } from '../../machine/host/kernel-settings.ts';
import { projectRoot } from '../../machine/host/project-root.ts';
import { readVirtualisation } from '../../machine/host/virtualisation.ts';
import { canKeepCoresAwake } from '../../machine/host/wakeful-cores.ts';
import type { EnvironmentRecord } from '../../results/schema/schema.ts';
import { readMachineLimits } from '../plan/capacity.ts';

const measuredLibraries = ['ws', 'undici', 'hdr-histogram-js'];
/** The facts about this machine that the figures depend on. `pinned`: whether processes are kept to their cores. */
export function readEnvironment(pinned: boolean): EnvironmentRecord {
  const { openFiles } = readMachineLimits();
  return {
    node: process.version,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
    kernel: release(),
    cpuModel: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    openFilesLimit: Number.isFinite(openFiles) ? openFiles : null,
    congestionControl: readLine('/proc/sys/net/ipv4/tcp_congestion_control'),
    pinned,
    coresKeptAwake: canKeepCoresAwake(),
    libraries: Object.fromEntries(measuredLibraries.map((name) => [name, versionOf(name)])),
    gitCommit: gitCommit(),
    governor: readLine('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
    clockSource: readLine('/sys/devices/system/clocksource/clocksource0/current_clocksource'),
    clockResolutionNs: clockResolutionNs(),
    virtualisation: readVirtualisation(),
    cgroup: { ...readCgroupLimits() },
    load: loadavg(),
    stealShare: stealShare(),
    irqTimeAccounting: readIrqTimeAccounting(),
    sysctls: { ...readSysctls() },
  };
}

/**
 * Share of the time since boot that the hypervisor took from the allowed cores: above 0 if the machine has neighbours.
 */
function stealShare(): number | null {
  const time = readHostTime(allowedCores());
  return time ? time.stealMs / time.totalMs : null;
}

function versionOf(library: string): string {
  const { version } = createRequire(import.meta.url)(`${library}/package.json`) as { version: string };
  return version;
}

function readLine(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}

/** The commit of the clone, followed by `+` if the working tree differs from it; null outside a clone. */
function gitCommit(): string | null {
  try {
    const git = (...given: readonly string[]) =>
      execFileSync('git', given, { cwd: projectRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return git('rev-parse', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+');
  } catch {
    return null;
  }
}
