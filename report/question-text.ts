import { listed } from '../analysis/headline.ts';
import type { RunAnalysis } from '../analysis/run-analysis.ts';
import { nameWithin } from '../analysis/verdict.ts';
import { scenarioLoad } from './facts.ts';
import { plainText } from './plain-text.ts';
import { runPath } from './run-path.ts';

/** What the page answers, what was compared and for which load, in three sentences. */
export function questionTexts({ run }: Pick<RunAnalysis, 'run'>): readonly string[] {
  const { transports, scenarios } = run.record.plan;
  const ways = listed(transports.map(nameWithin), 'and');
  const loads = scenarios.map((planned) => `${plainText(planned.scenario.title, 60)} (${scenarioLoad(planned)})`);
  const { rttMs, phrase } = runPath(run);
  const link = rttMs > 0 ? `a round-trip time of ${rttMs} ms` : 'no added round-trip time';
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
