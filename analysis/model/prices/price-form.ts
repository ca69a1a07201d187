import { z } from 'zod';
import { alternatives } from '../../../text/choices.ts';
import { type BadForm, badValue, type FormPath, firstProblem } from '../../../text/form-problem.ts';
import { onOneLine, readableText } from '../../../text/form-text.ts';
import { type FormWords, readYaml } from '../../../text/form-yaml.ts';
import { type AmountName, type PriceItem, type PriceList, type PriceUnit, priceUnits, rowOf } from './price-list.ts';

const unitNames = Object.keys(priceUnits) as PriceUnit[];
const mostItems = unitNames.length;
const mostTiers = 20;
const mostMoney = 1e6;
const mostAmount = 1e12;
const mostBlockBytes = 1e9;

// The message of each check completes "give …".

function line(most: number) {
  return readableText(most).transform(onOneLine);
}

const money = { error: `an amount of money from 0 to ${mostMoney}` };
const price = z.number(money).min(0, money).max(mostMoney, money);

const upperEnd = { error: `units a month, more than 0 and at most ${mostAmount}` };
const tier = z.strictObject(
  { upTo: z.number(upperEnd).gt(0, upperEnd).max(mostAmount, upperEnd), price },
  { error: 'fields: upTo and price' },
);

const blockBytes = { error: `a whole number of bytes from 1 to ${mostBlockBytes}` };
const tierCount = { error: `1 to ${mostTiers} tiers` };
const item = z.strictObject(
  {
    unit: z.enum(unitNames),
    price,
    meteredBytes: z.int(blockBytes).min(1, blockBytes).max(mostBlockBytes, blockBytes).optional(),
    tiers: z.array(tier, { error: 'a list of tiers' }).min(1, tierCount).max(mostTiers, tierCount).optional(),
  },
  { error: 'fields: unit and price, and where they apply meteredBytes and tiers' },
);

const day = { error: 'a day such as 2026-09-20' };
const currency = { error: 'three capital letters such as USD' };
const itemCount = { error: `1 to ${mostItems} prices, each with unit and price` };
const priceForm = z.strictObject(
  {
    name: line(120),
    source: line(300),
    asOf: z.iso.date(day),
    currency: z.string(currency).regex(/^[A-Z]{3}$/, currency),
    note: line(1_000).optional(),
    items: z.array(item, itemCount).min(1, itemCount).max(mostItems, itemCount),
  },
  { error: 'fields: name, source, asOf, currency and items' },
);

const words: FormWords = { noun: 'price list', model: 'a price list as analysis/model/prices/aws.json is one' };

/**
 * Reads a price list in JSON or YAML. Throws a `UsageError` of one line, `file:line:column: what is wrong, with the
 * value, and what is allowed`.
 */
export function readPrices(text: string, file: string): PriceList {
  return readYaml(text, file, words, (data) => {
    const parsed = priceForm.safeParse(data);
    if (!parsed.success) throw firstProblem(parsed.error.issues, data, fieldsAt);
    const problem = problemOf(parsed.data.items);
    if (problem) throw problem;
    return parsed.data;
  });
}

function fieldsAt(path: FormPath): readonly string[] {
  if (path.includes('tiers')) return Object.keys(tier.shape);
  return Object.keys(path.includes('items') ? item.shape : priceForm.shape);
}

/** What the schema cannot see: an amount that is priced twice, tiers in disorder, blocks of what has no size. */
function problemOf(items: readonly PriceItem[]): BadForm | undefined {
  return firstOf(items, (each, i) => repeatedAmount(items, i) ?? needlessBlocks(each, i) ?? fallingTiers(each, i));
}

function repeatedAmount(items: readonly PriceItem[], index: number): BadForm | undefined {
  const { unit } = items[index]!;
  const other = items.slice(0, index).find((each) => amountOf(each) === rowOf(unit).of);
  if (!other) return undefined;
  const why = other.unit === unit ? 'stands twice' : `prices the same as ${other.unit} above`;
  return badValue(['items', index, 'unit'], unit, 'one price for it', why);
}

function amountOf({ unit }: PriceItem): AmountName {
  return rowOf(unit).of;
}

function needlessBlocks({ unit, meteredBytes }: PriceItem, index: number): BadForm | undefined {
  if (meteredBytes === undefined || rowOf(unit).metered) return undefined;
  const metered = unitNames.filter((name) => rowOf(name).metered);
  const path = ['items', index, 'meteredBytes'];
  return badValue(path, meteredBytes, `it for ${alternatives(metered)}`, `does not apply to ${unit}`);
}

function fallingTiers({ tiers = [] }: PriceItem, index: number): BadForm | undefined {
  return firstOf(tiers, ({ upTo }, i) => {
    const below = tiers[i - 1]?.upTo ?? 0;
    if (upTo > below) return undefined;
    return badValue(
      ['items', index, 'tiers', i, 'upTo'],
      upTo,
      `more than ${below}`,
      'does not end above the tier before it',
    );
  });
}

function firstOf<T>(list: readonly T[], problem: (each: T, index: number) => BadForm | undefined): BadForm | undefined {
  for (const [index, each] of list.entries()) {
    const found = problem(each, index);
    if (found) return found;
  }
  return undefined;
}
