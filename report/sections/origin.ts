import { shellText } from '../../analysis/asked/command.ts';
import type { RunAnalysis } from '../../analysis/comparison/run-analysis.ts';
import type { EnvironmentRecord, RunRecord, TrialRecord } from '../../results/schema/schema.ts';
import { html, type Markup } from '../markup/markup.ts';
import { pathsText, runPath } from '../sentences/run-path.ts';

/** Command, seed and machine: all that is needed to repeat the run. */
export function originSection({ run }: Pick<RunAnalysis, 'run'>): Markup {
  const { record, trials } = run;
  return html`<section id="origin" aria-labelledby="origin-title"><h2 id="origin-title">How to repeat it</h2>
<pre class="command" tabindex="0" aria-label="Command"><code>${shellText(repeatable(record))}</code></pre>
<dl class="facts">${facts([
    ['Seed', record.seed],
    ['Profile', record.profile],
    ['Version', record.version],
    ['Started', timeText(record.startedAt)],
    ['Ended', record.endedAt ? timeText(record.endedAt) : 'not yet'],
    ['Network', networkText(record.plan.network, trials[0]?.path)],
    ['Path', pathsText(run) ?? runPath(run).phrase ?? 'directly'],
    ...environmentFacts(record.environment),
  ])}</dl>
</section>`;
}

/** The kind of network, what added its delay, and its congestion control. */
function networkText(network: RunRecord['plan']['network'], path: TrialRecord['path'] | undefined): string {
  const delay = path && path.delay !== 'none' ? `delayed by ${path.delay}` : undefined;
  return [network, delay, path?.congestionControl].filter((part) => part !== undefined && part !== null).join(', ');
}

/** The command, with the seed added if it was drawn at random: another seed gives other arrivals. */
function repeatable(record: RunRecord): readonly string[] {
  const { command, seed } = record;
  return record.asked.options.some(({ name }) => name === 'seed') ? command : [...command, '--seed', seed];
}

function environmentFacts(environment: EnvironmentRecord): readonly (readonly [string, string])[] {
  return [
    ['Node.js', `${environment.node}, V8 ${environment.v8}`],
    ['System', `${environment.platform}, kernel ${environment.kernel}`],
    ['Processor', `${environment.cores} × ${environment.cpuModel}`],
    ['Memory', `${(environment.memoryBytes / 2 ** 30).toFixed(1)} GiB`],
    ['Processes', environment.pinned ? 'pinned to cores' : 'not pinned to cores'],
    ['Open files', environment.openFilesLimit?.toLocaleString('en-US') ?? 'no limit known'],
    ['Congestion control of the machine', congestionText(environment.congestionControl)],
    ...laterFacts(environment),
    [
      'Libraries',
      Object.entries(environment.libraries)
        .map((entry) => entry.join(' '))
        .join(', '),
    ],
    ['Commit', environment.gitCommit ?? 'unknown'],
  ];
}

/** Names anything but cubic, which most servers use: another one sends the packets of a burst at other times. */
function congestionText(name: string | null): string {
  if (name === null) return 'unknown';
  return name === 'cubic' ? name : `${name}, where most systems have cubic`;
}

/** Facts that records of earlier versions lack. */
function laterFacts(environment: EnvironmentRecord): readonly (readonly [string, string])[] {
  const { cgroup, load, stealShare, irqTimeAccounting, clockResolutionNs, sysctls, coresKeptAwake } = environment;
  const entries: readonly (readonly [string, string | null | undefined])[] = [
    ['Virtualisation', environment.virtualisation],
    ['Governor', environment.governor],
    ['Limits of the control group', cgroup && cgroupText(cgroup)],
    ['Load before', load?.map((average) => average.toFixed(2)).join(', ')],
    ['Stolen since boot', typeof stealShare === 'number' ? `${(stealShare * 100).toFixed(2)}%` : stealShare],
    ['Idle cores', coresKeptAwake === undefined ? undefined : idleText(coresKeptAwake)],
    ['Clock', environment.clockSource && `${environment.clockSource}, steps of ${clockResolutionNs ?? 'unknown'} ns`],
    ['Interrupts', typeof irqTimeAccounting === 'boolean' ? irqText(irqTimeAccounting) : irqTimeAccounting],
    [
      'Kernel settings',
      sysctls &&
        Object.entries(sysctls)
          .map((entry) => entry.join(' '))
          .join(', '),
    ],
  ];
  return entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value ?? 'unknown'] as const]));
}

function cgroupText({ cpuCores, memoryBytes }: NonNullable<EnvironmentRecord['cgroup']>): string {
  const cpu = cpuCores === null ? 'no limit of CPU' : `${cpuCores} cores`;
  const memory = memoryBytes === null ? 'no limit of memory' : `${(memoryBytes / 2 ** 30).toFixed(1)} GiB`;
  return `${cpu}, ${memory}`;
}

function idleText(awake: boolean): string {
  return awake ? 'kept awake' : 'fall asleep: waking up is in the CPU time of whoever was asked';
}

function irqText(accounted: boolean): string {
  return accounted ? 'kept out of the time of processes' : 'in the time of whatever process they interrupt';
}

function facts(entries: readonly (readonly [string, string])[]): readonly Markup[] {
  return entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`);
}

/** Turns `2025-01-31T12:00:00.000Z` into `2025-01-31 12:00:00 UTC`. */
function timeText(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}
