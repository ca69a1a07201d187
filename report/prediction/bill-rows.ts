import { formatNumber } from '../../analysis/figures/format.ts';
import type { MonthCost } from '../../analysis/model/prices/cost-of-month.ts';
import type { AmountName, PriceList } from '../../analysis/model/prices/price-list.ts';
import type { PredictionRow } from './rows.ts';

/** What a month costs by one price list, for each transport. */
export type Bill = {
  /** The list as it was asked for: its name, or a file. */
  readonly word: string;
  readonly prices: PriceList;
  readonly months: readonly MonthCost[];
};

/** A line for each price list. */
export function billRows(bills: readonly Bill[]): readonly PredictionRow[] {
  return bills.map(({ word, prices, months }) => ({
    key: `money.${word}`,
    title: `A month by ${word}, ${prices.currency}`,
    carries: 'machine',
    cells: months.map(({ total }) => formatNumber(total)),
  }));
}

/** What each total holds and leaves out. */
export function billNotes(bills: readonly Bill[]): readonly string[] {
  return bills.map(({ word, prices, months }) => {
    const left = [...new Set(months.flatMap(({ notCounted }) => notCounted))].map((name) => amountWords[name]);
    const without = left.length > 0 ? ` It has no price for ${left.join(', ')}: the totals leave them out.` : '';
    return `${word}: ${prices.name}, prices of ${prices.asOf} (${prices.source}).${without}`;
  });
}

const amountWords: Readonly<Record<AmountName, string>> = {
  egressBytes: 'bytes that leave',
  messages: 'messages',
  requests: 'requests',
  connectionMinutes: 'open connections',
  coreHours: 'cores',
  gibibyteHours: 'memory',
};
