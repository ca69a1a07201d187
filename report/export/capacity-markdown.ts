import { transportTitles } from '../../protocol/transport.ts';
import type { Run } from '../../results/schema/schema.ts';
import { capacityOutcome } from '../capacity/capacity-outcome.ts';
import {
  agreementText,
  capacityCells,
  capacityColumns,
  capacityHeading,
  capacityNotes,
  conclusions,
  searchedText,
} from '../capacity/capacity-text.ts';
import { numbersOfRun } from '../prediction/numbers-of-run.ts';
import { escaped, list, markdownTable } from './markdown-text.ts';

/** What a search found, as GitHub Markdown; `undefined` for another run. */
export function capacityMarkdown(run: Run): string | undefined {
  const outcome = capacityOutcome(run, numbersOfRun(run, undefined)?.path);
  if (!outcome) return undefined;
  const { plan, rows } = outcome;
  const all = rows.map(({ found }) => found);
  const agreement = agreementText(all);
  const { environment, version, seed } = run.record;
  const table = [
    ['transport', ...capacityColumns],
    ...rows.map(({ found, predicted }) => [
      `${transportTitles[found.transport]}${plan.searches > 1 ? ` ${found.search + 1}` : ''}`,
      ...capacityCells(found, plan, predicted).map((cell) => escaped(cell)),
    ]),
  ];
  return `${[
    `## ${escaped(capacityHeading(outcome))}`,
    escaped(`Searched for: ${searchedText(plan)}.`),
    markdownTable(table, '--:'),
    list([...all.flatMap((found) => conclusions(found, plan)), ...(agreement === undefined ? [] : [agreement])]),
    list(capacityNotes),
    escaped(
      `pvw ${version}, seed ${seed}, ${environment.cpuModel}, ${environment.cores} cores, Node.js ${environment.node}`,
    ),
  ].join('\n\n')}\n`;
}
