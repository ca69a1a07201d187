import { perfChart } from './markers/perf-chart.ts';
import { readPerfRecord } from './markers/perf-record.ts';

/** Pictures that `npm run docs` draws from recorded figures, relative to the project root. */
export const pictures: Readonly<Record<string, () => string>> = {
  'docs/perf.svg': () => perfChart(readPerfRecord()),
};
