import type { PlannedScenario } from '../../../bench/plan/plan.ts';
import { transports, transportTitles } from '../../../protocol/transport.ts';
import type { PathCalibration } from '../../../results/schema/calibration-schema.ts';
import type { CompletedTrial } from '../../../results/schema/schema.ts';
import { isSameScenario, scenarioAt } from '../../../scenarios/point.ts';
import { type Evidence, type Finding, ledgerFinding, measureTrials } from '../evidence.ts';
import { directCalibration } from './direct-calibration.ts';
import { byFormula, byReplay, type Window } from './expected.ts';
import { cellsOf, clients, type GridCell, rttsMs, windowsAt } from './grid.ts';
import { type Compared, comparedTitles, measuredTogether } from './measured.ts';

/** The model against measurements over rates, poll intervals and distances. */
export const modelEvidence: Evidence = {
  summary:
    'the model over 24 points of rate, poll interval and distance: latency, requests, empty answers, bytes by layer',
  measure: async (say) => {
    const { path } = directCalibration();
    const trials: CompletedTrial[] = [];
    const planned: PlannedScenario[] = [];
    for (const transport of transports) {
      for (const rttMs of rttsMs) {
        const scenarios = windowsAt(rttMs, transport);
        planned.push(...scenarios);
        trials.push(
          ...(await measureTrials(
            { transports: [transport], rttMs, scenarios, seed: 'model', network: 'isolated' },
            say,
          )),
        );
      }
    }
    const findings = cellsOf(trials).flatMap((cell) => findingsOf(cell, windowsOf(cell, trials, planned), path));
    return [...findings, ledgerFinding(trials)];
  },
};

/** Updates of a channel before the first window: of the warm-up, which has 12,500 operations for all channels. */
const warmUpVersions = 25;

function windowsOf(
  cell: GridCell,
  all: readonly CompletedTrial[],
  planned: readonly PlannedScenario[],
): readonly Window[] {
  return cell.trials.map((trial) => {
    const before = all.filter(
      (other) =>
        other.transport === trial.transport && other.path.rttMs === trial.path.rttMs && other.block < trial.block,
    );
    const accepted = before.reduce((sum, { updates }) => sum + updates.accepted, trial.updates.accepted / 2);
    const { scenario } = planned.find((each) => isSameScenario(trial, scenarioAt(each)))!;
    return { trial, scenario, version: Math.round(warmUpVersions + accepted / clients) };
  });
}

type Measure = {
  readonly key: keyof Compared;
  /** Allowed share of what was measured, or of `least` where less was. */
  readonly share: number;
  readonly least?: number;
};

/** Bytes a second: a heartbeat now and then is less, and chance decides how many a window has. */
const rareBytes = 2.5;

const measures: readonly Measure[] = [
  { key: 'latencyMs', share: 0.05, least: 10 },
  { key: 'requests', share: 0.03 },
  { key: 'emptyShare', share: 0.03 },
  { key: 'updatesDown', share: 0.02 },
  { key: 'framingDown', share: 0.02, least: rareBytes },
  { key: 'framingUp', share: 0.02, least: rareBytes },
  { key: 'packets', share: 0.02 },
];

/** One finding for the formulas and one for the played schedule. */
function findingsOf(cell: GridCell, windows: readonly Window[], path: PathCalibration): readonly Finding[] {
  const { transport, point } = cell;
  const measured = measuredTogether(cell.trials, clients);
  const interval = transport === 'short-polling' ? `, polls every ${point.pollIntervalMs} ms` : '';
  const where = `${transportTitles[transport]}, ${point.perSecond}/s, RTT ${point.rttMs} ms${interval}`;
  return (
    [
      ['formula', 'by formula', byFormula(transport, windows, path)],
      ['schedule', 'on the realised schedule', byReplay(transport, windows, path)],
    ] as const
  ).map(([name, how, expected]) => {
    const rows = measures.flatMap((measure) => residualOf(measure, expected, measured) ?? []);
    return {
      claim: `${where}: ${how}, all within their limits`,
      found: rows.map(({ text }) => text).join('; '),
      holds: rows.every(({ holds }) => holds),
      figures: Object.fromEntries(rows.map(({ key, residual }) => [`${transport} ${name} ${key}`, residual])),
    };
  });
}

type Residual = { readonly key: string; readonly residual: number; readonly text: string; readonly holds: boolean };

/** `undefined` where the transport has no such amount. */
function residualOf(
  { key, share, least = 0 }: Measure,
  expected: Compared,
  measured: Compared & { readonly polls: number },
): Residual | undefined {
  const [of, found] = [expected[key], measured[key]];
  if (of === 0 && found === 0) return undefined;
  const scale = Math.max(found, least);
  const allowed = Math.max(share * scale, key === 'emptyShare' ? 3 * standardError(found, measured.polls) : 0);
  const residual = scale === 0 ? 0 : (of - found) / scale;
  const signed = `${residual > 0 ? '+' : ''}${(residual * 100).toFixed(1)}%`;
  return {
    key,
    residual,
    text: `${comparedTitles[key]} ${written(of)} for ${written(found)} (${signed})`,
    holds: Math.abs(of - found) <= allowed,
  };
}

function written(amount: number): string {
  return amount < 1e-6 ? '0' : String(Number(amount.toPrecision(3)));
}

/** Of a share of so many; at least one of them, so that a share of 0 has an error too. */
function standardError(share: number, count: number): number {
  return Math.sqrt(Math.max(share * (1 - share), 1 / count) / count);
}
