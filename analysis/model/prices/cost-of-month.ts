import {
  type AmountName,
  type Counted,
  type MonthAmounts,
  type PriceItem,
  type PriceList,
  rowOf,
} from './price-list.ts';

/** An item's part of the bill: `amount` units after metering, and their `money` in the list's currency. */
export type CostItem = { readonly item: PriceItem; readonly amount: number; readonly money: number };

export type MonthCost = {
  readonly currency: string;
  /** In the order of the list, also those of which nothing was used. */
  readonly items: readonly CostItem[];
  readonly total: number;
  /** Amounts that are not zero and have no price in the list: `total` is without them. */
  readonly notCounted: readonly AmountName[];
};

/**
 * What a month costs by a price list. Tiers are marginal: each unit costs the price of the tier in which it lies, as
 * on the bills of https://aws.amazon.com/ec2/pricing/on-demand/. Nothing is rounded.
 */
export function costOfMonth(prices: PriceList, amounts: MonthAmounts): MonthCost {
  const items = prices.items.map((item) => {
    const amount = unitsOf(item, amounts);
    return { item, amount, money: moneyFor(item, amount) };
  });
  const priced = new Set(prices.items.map(({ unit }) => rowOf(unit).of));
  const names = Object.keys(amounts) as readonly AmountName[];
  return {
    currency: prices.currency,
    items,
    total: items.reduce((sum, { money }) => sum + money, 0),
    notCounted: names.filter((name) => !priced.has(name) && countOf(amounts[name]) > 0),
  };
}

function countOf(amount: number | Counted): number {
  return typeof amount === 'number' ? amount : amount.count;
}

function unitsOf({ unit, meteredBytes }: PriceItem, amounts: MonthAmounts): number {
  const { of, size } = rowOf(unit);
  const amount = amounts[of];
  if (typeof amount === 'number') return amount / size;
  return (amount.count * blocksOf(amount.meanBytes, meteredBytes)) / size;
}

/**
 * Begun blocks of a message, at least one: an empty message is charged, too. Exact where all messages have the same
 * size; where sizes differ, those that need more blocks than the mean are charged too little.
 */
function blocksOf(bytes: number, meteredBytes = Number.POSITIVE_INFINITY): number {
  return Math.max(1, Math.ceil(bytes / meteredBytes));
}

function moneyFor({ price, tiers = [] }: PriceItem, units: number): number {
  let [below, money] = [0, 0];
  for (const tier of tiers) {
    money += tier.price * Math.max(0, Math.min(units, tier.upTo) - below);
    below = tier.upTo;
  }
  return money + price * Math.max(0, units - below);
}
