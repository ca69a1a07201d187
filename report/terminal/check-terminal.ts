import type { ScenarioAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { residualsOfTrials } from '../../analysis/model/prediction/measured-load.ts';
import type { Question } from '../../analysis/model/prediction/question.ts';
import type { Residual } from '../../analysis/model/prediction/residual.ts';
import { type Transport, transportTitles } from '../../protocol/transport.ts';
import type { PathCalibration } from '../../results/schema/calibration-schema.ts';
import { residualCells } from '../prediction/residual-cells.ts';

const widths = [14, 34, 12, 12, 9] as const;

/** Predicted and measured beside each other: the median of the repeats, and by how much the prediction was off. */
export function renderCheck(question: Question, path: PathCalibration, { transports }: ScenarioAnalysis): string {
  const { scenario } = question;
  const { clients, channels } = scenario;
  const head = line(['', '', 'predicted', 'measured', 'off by', '']);
  const rows = transports.flatMap(({ transport, valid, medians: figures }) => {
    const measured = valid.map(({ trial }) => ({ trial, scenario }));
    const residuals = residualsOfTrials(question, path, { transport, measured, figures });
    return residuals.map((residual) => rowOf(transport, residual));
  });
  const title = `Predicted for as many updates as there were at the pace of the machine, and measured: ${clients} clients in ${channels} channels`;
  return `${[title, '', head, ...rows].join('\n')}\n`;
}

function rowOf(transport: Transport, residual: Residual): string {
  const { expected, measured, off } = residualCells(residual);
  return line([
    transportTitles[transport],
    residual.title,
    expected,
    measured,
    off,
    residual.isWithin ? 'within the interval' : '',
  ]);
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, place) => (place < 2 ? cell.padEnd(widths[place]!) : cell.padStart(widths[place] ?? 0)))
    .join('  ')
    .trimEnd();
}
