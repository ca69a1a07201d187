import type { RunAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { plannedLink } from '../../analysis/figures/planned-scenario.ts';
import { listed } from '../../analysis/verdict/headline.ts';
import { nameWithin } from '../../analysis/verdict/verdict.ts';
import { plainText } from '../../text/plain-text.ts';
import { scenarioLoad } from './facts.ts';
import { plainTitle } from './plain-title.ts';
import { runPath } from './run-path.ts';

/** What the page answers, what was compared and for which load, in three sentences. */
export function questionTexts({ run }: Pick<RunAnalysis, 'run'>): readonly string[] {
  const { transports, scenarios } = run.record.plan;
  const ways = listed(transports.map(nameWithin), 'and');
  const loads = scenarios.map(
    (planned) => `${plainTitle(planned.scenario.title, planned.point)} (${scenarioLoad(planned)})`,
  );
  const { phrase } = runPath(run);
  const link = roundTripText(scenarios.map((planned) => plannedLink(planned, run.record).rttMs));
  const path = phrase === undefined ? link : `${link}, ${plainText(phrase, 300)}`;
  return [
    'HTTP lets only the client start, so a server that learns something new has to be asked; each way around that pays ' +
      'differently for how soon the client knows.',
    transports.length === 1
      ? `Here only ${ways} was measured, so nothing is compared.`
      : `Compared are ${ways}, with the same updates, the same bytes and the same clients for each, over ${path}.`,
    `The load: ${listed(loads, 'and')}.`,
  ];
}

/** Of all planned scenarios, which have the same one unless the run varies it. */
function roundTripText(rttsMs: readonly number[]): string {
  const several = [...new Set(rttsMs)].sort((a, b) => a - b);
  if (several.length > 1) return `round-trip times of ${listed(several.map(String), 'and')} ms`;
  const [rttMs = 0] = several;
  return rttMs > 0 ? `a round-trip time of ${rttMs} ms` : 'no added round-trip time';
}
