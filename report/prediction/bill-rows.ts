import type { MonthCosts } from '../../analysis/model/prediction/month.ts';
import type { MonthCost } from '../../analysis/model/prices/cost-of-month.ts';
import { type AmountName, type PriceList, rowOf } from '../../analysis/model/prices/price-list.ts';
import { intervalCell, type PredictionGroup, type PredictionRow } from './rows.ts';

/** What a month costs by one price list, for each transport. */
export type Bill = {
  /** The list as it was asked for: its name, or a file. */
  readonly word: string;
  readonly prices: PriceList;
  readonly months: readonly MonthCosts[];
};

/** For each price list its total, and what that is made of; nothing unless lists were asked for. */
export function billGroups(bills: readonly Bill[]): readonly PredictionGroup[] {
  if (bills.length === 0) return [];
  const holds = 'for bytes, cores and memory as above, each node and worker with a core';
  return [{ title: 'What a month costs', holds, rows: bills.flatMap(billRows) }];
}

function billRows({ word, prices, months }: Bill): readonly PredictionRow[] {
  const line = (key: string, title: string, moneyOf: (month: MonthCost) => number): PredictionRow => ({
    key: `money.${word}${key}`,
    title,
    cells: months.map(({ value, low, high }) =>
      intervalCell({ value: moneyOf(value), low: moneyOf(low), high: moneyOf(high) }, 'count'),
    ),
  });
  return [
    line('', `${word}, ${prices.currency}`, ({ total }) => total),
    ...prices.items.map(({ unit }, place) =>
      line(`.${unit}`, `Of that, ${amountWords[rowOf(unit).of]}`, ({ items }) => items[place]?.money ?? 0),
    ),
  ];
}

/** What each total holds and leaves out. */
export function billNotes(bills: readonly Bill[]): readonly string[] {
  return bills.map(({ word, prices, months }) => {
    const left = [...new Set(months.flatMap(({ value }) => value.notCounted))].map((name) => amountWords[name]);
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
