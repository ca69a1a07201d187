import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MonthCosts } from '../../analysis/model/prediction/month.ts';
import type { CostItem, MonthCost } from '../../analysis/model/prices/cost-of-month.ts';
import { type Bill, billGroups, billNotes } from './bill-rows.ts';

/** The lower end is half of it, the upper twice as much. */
function month(total: number, notCounted: MonthCost['notCounted'] = [], items: readonly CostItem[] = []): MonthCosts {
  const of = (times: number) => ({
    currency: 'EUR',
    items: items.map((each) => ({ ...each, money: each.money * times })),
    total: total * times,
    notCounted,
  });
  return { value: of(1), low: of(0.5), high: of(2) };
}

const prices = { name: 'By hand', source: 'our contract', asOf: '2026-01-31', currency: 'EUR', items: [] };
const bill: Bill = {
  word: 'mine.yaml',
  prices,
  months: [month(1234.5, ['requests', 'coreHours']), month(0.12345, ['coreHours', 'messages'])],
};

test('a row of totals for each list, and rows of what they are made of', () => {
  const items = [
    { unit: 'egress-gigabyte', price: 0.1 },
    { unit: 'core-hour', price: 2 },
  ] as const;
  const of = (money: readonly [number, number]) =>
    month(
      money[0] + money[1],
      [],
      items.map((item, place) => ({ item, amount: 1, money: money[place]! })),
    );
  const listed = { ...bill, prices: { ...prices, items }, months: [of([1000, 234.5]), of([0.1, 0])] };
  assert.deepEqual(billGroups([listed])[0]?.rows, [
    {
      key: 'money.mine.yaml',
      title: 'mine.yaml, EUR',
      cells: [
        { text: '1,235', beside: '617–2,469' },
        { text: '0.100', beside: '0.0500–0.200' },
      ],
    },
    {
      key: 'money.mine.yaml.egress-gigabyte',
      title: 'Of that, bytes that leave',
      cells: [
        { text: '1,000', beside: '500–2,000' },
        { text: '0.100', beside: '0.0500–0.200' },
      ],
    },
    {
      key: 'money.mine.yaml.core-hour',
      title: 'Of that, cores',
      cells: [{ text: '235', beside: '117–469' }, { text: '0' }],
    },
  ]);
  assert.deepEqual(billGroups([]), []);
});

describe('notes', () => {
  test('name what any of the totals leaves out, once', () => {
    assert.deepEqual(billNotes([bill]), [
      'mine.yaml: By hand, prices of 2026-01-31 (our contract). It has no price for requests, cores, messages: the totals ' +
        'leave them out.',
    ]);
  });

  test('name a single one', () => {
    assert.match(
      billNotes([{ ...bill, months: [month(1, ['coreHours'])] }])[0]!,
      /no price for cores: the totals leave them out\.$/,
    );
  });

  test('name nothing where all is counted', () => {
    assert.deepEqual(billNotes([{ ...bill, months: [month(1), month(2)] }]), [
      'mine.yaml: By hand, prices of 2026-01-31 (our contract).',
    ]);
  });

  test('have words for each amount', () => {
    const all = ['egressBytes', 'messages', 'requests', 'connectionMinutes', 'coreHours', 'gibibyteHours'] as const;
    assert.match(
      billNotes([{ ...bill, months: [month(1, all)] }])[0]!,
      /bytes that leave, messages, requests, open connections, cores, memory: the/,
    );
  });
});
