import { shellText } from '../../analysis/command.ts';
import type { RunAnalysis } from '../../analysis/run-analysis.ts';
import type { EnvironmentRecord, RunRecord } from '../../results/schema.ts';
import { html, type Markup } from '../markup.ts';

/** Command, seed and machine: what someone needs who wants to see it for themselves. */
export function originSection({ run: { record } }: RunAnalysis): Markup {
  return html`<section id="origin" aria-labelledby="origin-title"><h2 id="origin-title">How to repeat it</h2>
<pre class="command" tabindex="0" aria-label="Command"><code>${shellText(repeatable(record))}</code></pre>
<dl class="facts">${facts([
    ['Seed', record.seed],
    ['Profile', record.profile],
    ['Version', record.version],
    ['Started', timeText(record.startedAt)],
    ['Ended', record.endedAt ? timeText(record.endedAt) : 'not yet'],
    ...environmentFacts(record.environment),
  ])}</dl>
</section>`;
}

/** The command with the seed that it drew: without it the next run has other arrivals. */
function repeatable({ command, seed }: RunRecord): readonly string[] {
  return command.includes('--seed') ? command : [...command, '--seed', seed];
}

function environmentFacts(environment: EnvironmentRecord): readonly (readonly [string, string])[] {
  return [
    ['Node.js', `${environment.node}, V8 ${environment.v8}`],
    ['System', `${environment.platform}, kernel ${environment.kernel}`],
    ['Processor', `${environment.cores} × ${environment.cpuModel}`],
    ['Memory', `${(environment.memoryBytes / 2 ** 30).toFixed(1)} GiB`],
    ['Processes', environment.pinned ? 'pinned to cores' : 'not pinned to cores'],
    ['Open files', environment.openFilesLimit?.toLocaleString('en-US') ?? 'no limit known'],
    ['Congestion control', environment.congestionControl ?? 'unknown'],
    [
      'Libraries',
      Object.entries(environment.libraries)
        .map((entry) => entry.join(' '))
        .join(', '),
    ],
    ['Commit', environment.gitCommit ?? 'unknown'],
  ];
}

function facts(entries: readonly (readonly [string, string])[]): readonly Markup[] {
  return entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`);
}

/** `2025-01-31T12:00:00.000Z` as people read it. */
function timeText(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}
