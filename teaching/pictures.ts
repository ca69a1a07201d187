import { readEvidence } from './markers/evidence-record.ts';
import { perfChart } from './markers/perf-chart.ts';

/** Pictures that `npm run docs` draws from recorded figures, relative to the project root. */
export const pictures: Readonly<Record<string, () => string>> = {
  'docs/perf.svg': () => perfChart(readEvidence('perf')),
};
