import { median } from 'simple-statistics';
import { measureCommand } from '../../perf/commands.ts';
import type { Finding } from '../evidence.ts';
import { interleaved, type Part } from './part.ts';
import { ratioFigures, ratioOf, ratioText, spreadFigures } from './ratio.ts';

const mostOverNode = 10;
const mostReportMs = 3_000;
/** Short, so that they can be measured more often. */
const startsOfRound = 2;

/** How long people wait for the command itself, and for a page of a whole run. */
export const commandsPart: Part = async ({ rounds, say }) => {
  // Fills the caches of the file system and of the loader.
  for (const command of ['node', 'help', 'report'] as const) measureCommand(command);
  const starts = await interleaved(['node', 'help'], startsOfRound * rounds, async (name) => measureCommand(name));
  const { report } = await interleaved(['report'], rounds, async (name) => measureCommand(name));
  say(`node ${ms(starts.node)}, pvw --help ${ms(starts.help)}, report of the reference run ${ms(report)}`);
  return [startFinding(starts), reportFinding(report)];
};

function startFinding({ node, help }: Readonly<Record<'node' | 'help', readonly number[]>>): Finding {
  const ratio = ratioOf(help, node);
  return {
    claim: `pvw --help takes at most ${mostOverNode} × as long as Node.js that does nothing`,
    found: `${ratioText(ratio)}: ${ms(help)}, ${ms(node)}, median of ${help.length}`,
    holds: ratio.median <= mostOverNode,
    figures: {
      ...ratioFigures('helpOverNode', ratio, mostOverNode),
      ...spreadFigures('helpMs', help),
      ...spreadFigures('nodeMs', node),
    },
  };
}

function reportFinding(report: readonly number[]): Finding {
  return {
    claim: `pvw report of the reference run takes at most ${mostReportMs / 1000} s`,
    found: `${ms(report)} (${Math.min(...report).toFixed(0)}–${Math.max(...report).toFixed(0)}), median of ${report.length}`,
    holds: median([...report]) <= mostReportMs,
    figures: spreadFigures('reportMs', report),
  };
}

function ms(values: readonly number[]): string {
  return `${median([...values]).toFixed(0)} ms`;
}
