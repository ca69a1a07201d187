import { isOrdered } from '../../analysis/comparison/outcome.ts';
import type { RunAnalysis, ScenarioAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { selfComparisonTexts } from '../../analysis/comparison/self-comparison.ts';
import { byteFigures, placeWords } from '../../analysis/figures/byte-place.ts';
import type { FigureKey } from '../../analysis/figures/figures.ts';
import { formatParameter } from '../../analysis/figures/format.ts';
import { routeNames, routeOf } from '../../analysis/figures/run-routes.ts';
import type { TransportAnalysis } from '../../analysis/validity/assessment.ts';
import { isInvalid, type Warning } from '../../analysis/validity/warning.ts';
import { type Gap, gapOf, gapSentence } from '../../analysis/verdict/gap.ts';
import { listed } from '../../analysis/verdict/headline.ts';
import { type Recommendation, recommend } from '../../analysis/verdict/recommendation.ts';
import { answersOf, noVerdictReason, sentenceOf } from '../../analysis/verdict/verdict.ts';
import { transportTitles } from '../../protocol/transport.ts';
import type { Run, TrialRecord } from '../../results/schema/schema.ts';
import { scenarioAt } from '../../scenarios/point.ts';
import { plainText } from '../../text/plain-text.ts';
import { failureReason } from './failure-text.ts';
import { plainName } from './plain-title.ts';

/** A column of a table. A narrow table drops the columns with the lowest importance first. */
export type Column = { readonly key: FigureKey; readonly importance: number };

/** The columns of a scenario's table, in order; bytes are those on the wire where they were counted. */
export function columnsOf({ place }: Pick<ScenarioAnalysis, 'place'>): readonly Column[] {
  const { down, up } = byteFigures[place];
  return [
    { key: 'latency.p50', importance: 9 },
    { key: 'latency.p99', importance: 8 },
    { key: 'stale', importance: 7 },
    { key: down, importance: 6 },
    { key: up, importance: 5 },
    { key: 'cpu.serving.update', importance: 4 },
    { key: 'requests', importance: 3 },
    { key: 'memory.server', importance: 2 },
    { key: 'cpu.load', importance: 1 },
  ];
}

/** Says what the numbers of the columns are per, and where bytes were counted. */
export function columnsNote({ place }: Pick<ScenarioAnalysis, 'place'>): string {
  return `Bytes (down, up) are ${placeWords[place]}; they and requests are per client and minute.`;
}

/**
 * The verdicts of a scenario as sentences: what to use, the result of each comparison, and how to measure memory if
 * that is missing. Without verdicts, one sentence says why.
 */
export function verdictTexts(scenario: ScenarioAnalysis, { reference, run }: RunAnalysis): readonly string[] {
  if (scenario.arms) return selfComparisonTexts(scenario.arms);
  const answers = answersOf(scenario.comparisons, reference);
  const sentences = answers.flatMap(({ againstReference, among }) => [
    ...againstReference,
    ...among.filter((each) => !isOrdered(each)),
  ]);
  if (sentences.length === 0) return [noVerdictReason(scenario)];
  const memory = answers.some(({ question }) => question === 'memory')
    ? []
    : [`Server memory: ${gapText(gapOf(scenario, 'memory', run.record))}`];
  return [...recommend(scenario).map(adviceText), ...sentences.map(sentenceOf), ...memory];
}

function adviceText({ toleranceMs, advice }: Recommendation): string {
  return `Up to ${formatParameter(toleranceMs, 'ms')} of staleness: ${advice}`;
}

function gapText(gap: Gap): string {
  return `${gapSentence(gap)} To measure it: ${gap.command}`;
}

export function hasTrials({ transports }: ScenarioAnalysis): boolean {
  return transports.some(({ completed, failed }) => completed.length + failed.length > 0);
}

/** Whether any repeat failed or is invalid. */
export function isIncomplete({ completed, valid, failed }: TransportAnalysis): boolean {
  return failed.length > 0 || valid.length < completed.length;
}

/** For example `1 invalid, 1 failed of 3`. */
export function faultsOf({ completed, valid, failed, planned }: TransportAnalysis): string {
  const invalid = completed.length - valid.length;
  const faults = [
    ...(invalid > 0 ? [`${invalid} invalid`] : []),
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
  ];
  return `${faults.join(', ')} of ${planned}`;
}

/** One line per failed trial, safe to show in a terminal. */
export function failureTexts({ run }: RunAnalysis): readonly string[] {
  return run.trials.flatMap((trial) => {
    if (trial.status !== 'failed') return [];
    const { transport, block, stage } = trial;
    const path = hasOnePath(run) ? '' : ` on ${plainText(routeOf(trial), 60)}`;
    const where = `${plainName(trial)}, ${transportTitles[transport]}${path}, block ${block}, ${stage}`;
    return `${where}: ${plainText(failureReason(trial), 400)}`;
  });
}

/** One line per warning of the run and per group of trial warnings, safe to show in a terminal. */
export function warningTexts({ run, warnings, trialWarnings }: RunAnalysis): readonly Told[] {
  // The table already marks a p99 that rests on few updates.
  const grouped = trialWarnings.filter(({ warning }) => warning.code !== 'few-updates');
  return [
    ...warnings.map((warning) => told(warning, warning.text)),
    ...grouped.map(({ planned, warning, text, trials }) => {
      const where = [...new Set(trials.map(({ transport }) => transportTitles[transport]))].join(', ');
      const more = trials.length > 1 ? ` (${trials.length} trials)` : '';
      return told(warning, `${plainName(scenarioAt(planned))}, ${where}${onPaths(run, trials)}${more}: ${text}`);
    }),
  ];
}

/** ` on tls and h2`; empty if the run has one path. */
export function onPaths(run: Run, trials: readonly TrialRecord[]): string {
  if (hasOnePath(run)) return '';
  const names = [...new Set(trials.map((trial) => plainText(routeOf(trial), 60)))];
  return names.length === routeNames(run.record).length ? ' on all paths' : ` on ${listed(names, 'and')}`;
}

function hasOnePath({ record }: Run): boolean {
  return routeNames(record).length === 1;
}

export type Told = { readonly invalid: boolean; readonly text: string };

function told(warning: Warning, text: string): Told {
  const invalid = isInvalid(warning);
  return { invalid, text: `${invalid ? 'Invalid' : 'Caution'}: ${plainText(text)}` };
}
