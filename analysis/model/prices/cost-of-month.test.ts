import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { builtInPrices } from './built-in-prices.ts';
import { costOfMonth } from './cost-of-month.ts';
import { hoursPerMonth, type MonthAmounts, type PriceItem, type PriceList } from './price-list.ts';

const none: MonthAmounts = {
  egressBytes: 0,
  messages: { count: 0, meanBytes: 0 },
  requests: { count: 0, meanBytes: 0 },
  connectionMinutes: 0,
  coreHours: 0,
  gibibyteHours: 0,
};

function listOf(...items: readonly PriceItem[]): PriceList {
  return { name: 'a', source: 'by hand', asOf: '2026-01-01', currency: 'EUR', items };
}

/** Amount and money of the only item. */
function costOf(item: PriceItem, amounts: Partial<MonthAmounts>): readonly [amount: number, money: number] {
  const { items } = costOfMonth(listOf(item), { ...none, ...amounts });
  assert.equal(items.length, 1);
  return [items[0]!.amount, items[0]!.money];
}

describe('one unit of each kind', () => {
  const price = 3;
  const units: readonly (readonly [PriceItem['unit'], Partial<MonthAmounts>, number])[] = [
    ['egress-gigabyte', { egressBytes: 2_000_000_000 }, 2],
    ['egress-gibibyte', { egressBytes: 2_147_483_648 }, 2],
    ['message-million', { messages: { count: 5_000_000, meanBytes: 1e9 } }, 5],
    ['request-million', { requests: { count: 500_000, meanBytes: 0 } }, 0.5],
    ['connection-minute-million', { connectionMinutes: 4_000_000 }, 4],
    ['core-hour', { coreHours: 7 }, 7],
    ['gibibyte-hour', { gibibyteHours: 8 }, 8],
  ];
  for (const [unit, amounts, amount] of units) {
    test(unit, () => assert.deepEqual(costOf({ unit, price }, amounts), [amount, amount * 3]));
  }
});

describe('metered by begun blocks', () => {
  const item = { unit: 'message-million', price: 1, meteredBytes: 32_768 } as const;
  const cases: readonly (readonly [meanBytes: number, blocks: number])[] = [
    [0, 1],
    [1, 1],
    [32_767, 1],
    [32_768, 1],
    [32_769, 2],
    [65_536, 2],
    [65_537, 3],
  ];
  for (const [meanBytes, blocks] of cases) {
    test(`${meanBytes} bytes are ${blocks} of 32 KB`, () => {
      assert.deepEqual(costOf(item, { messages: { count: 2_000_000, meanBytes } }), [2 * blocks, 2 * blocks]);
    });
  }
});

describe('tiers are marginal', () => {
  const item: PriceItem = {
    unit: 'core-hour',
    tiers: [
      { upTo: 100, price: 0 },
      { upTo: 300, price: 5 },
      { upTo: 400, price: 3 },
    ],
    price: 2,
  };
  const cases: readonly (readonly [coreHours: number, money: number])[] = [
    [0, 0],
    [99, 0],
    [100, 0],
    [101, 5],
    [300, 1_000],
    [301, 1_003],
    [400, 1_300],
    [401, 1_302],
    [1_000, 2_500],
  ];
  for (const [coreHours, money] of cases) {
    test(`${coreHours} hours cost ${money}`, () => assert.deepEqual(costOf(item, { coreHours }), [coreHours, money]));
  }

  test('tiers count what was metered', () => {
    const metered: PriceItem = {
      unit: 'request-million',
      meteredBytes: 100,
      tiers: [{ upTo: 3, price: 1 }],
      price: 0.5,
    };
    // Two million of two blocks each: three at 1, one at 0.5.
    assert.deepEqual(costOf(metered, { requests: { count: 2e6, meanBytes: 150 } }), [4, 3.5]);
  });
});

test('items stand in the order of the list, the total is their sum, and what has no price is named', () => {
  const coreHour: PriceItem = { unit: 'core-hour', price: 0.5 };
  const egress: PriceItem = { unit: 'egress-gigabyte', price: 2 };
  const gibibyteHour: PriceItem = { unit: 'gibibyte-hour', price: 9 };
  const amounts = { ...none, coreHours: 730, egressBytes: 3e9, connectionMinutes: 1 };
  const messages = { count: 1, meanBytes: 0 };
  assert.deepEqual(costOfMonth(listOf(coreHour, egress, gibibyteHour), { ...amounts, messages }), {
    currency: 'EUR',
    items: [
      { item: coreHour, amount: 730, money: 365 },
      { item: egress, amount: 3, money: 6 },
      { item: gibibyteHour, amount: 0, money: 0 },
    ],
    total: 371,
    notCounted: ['messages', 'connectionMinutes'],
  });
});

test('nothing costs nothing, and leaves nothing out', () => {
  const { total, notCounted } = costOfMonth(listOf({ unit: 'core-hour', price: 1 }), none);
  assert.deepEqual([total, notCounted], [0, []]);
});

test('a month has the hours that clouds count', () => {
  assert.equal(hoursPerMonth, (365 * 24) / 12);
});

describe('the built-in lists', () => {
  function total(name: string, amounts: Partial<MonthAmounts>): number {
    return costOfMonth(builtInPrices[name]!, { ...none, ...amounts }).total;
  }
  const gib = 2 ** 30;

  function assertNear(actual: number, expected: number): void {
    assert.ok(Math.abs(actual - expected) < 1e-9 * Math.max(1, expected), `${actual}, not ${expected}`);
  }

  test('AWS API Gateway: one request costs as much as 240 s of an open connection', () => {
    const request = total('aws-api-gateway', { requests: { count: 1, meanBytes: 500 } });
    assert.equal(request, 1e-6);
    assert.equal(request, total('aws-api-gateway', { connectionMinutes: 240 / 60 }));
  });

  test('AWS API Gateway: polling each second for a month, and a connection with an update each second', () => {
    const count = hoursPerMonth * 3_600;
    assertNear(total('aws-api-gateway', { requests: { count, meanBytes: 500 } }), 2.628);
    const connectionMinutes = hoursPerMonth * 60;
    assertNear(total('aws-api-gateway', { messages: { count, meanBytes: 500 }, connectionMinutes }), 2.628 + 0.01095);
  });

  test('AWS API Gateway: what lies above a billion messages and 300 million requests is cheaper', () => {
    assertNear(total('aws-api-gateway', { messages: { count: 1.5e9, meanBytes: 32_768 } }), 1_000 + 400);
    assertNear(total('aws-api-gateway', { messages: { count: 1.5e9, meanBytes: 32_769 } }), 1_000 + 1_600);
    assertNear(total('aws-api-gateway', { requests: { count: 1e9, meanBytes: 524_288 } }), 300 + 630);
  });

  test('AWS: traffic in all five tiers, and a machine of two cores and 4 GiB', () => {
    assertNear(total('aws', { egressBytes: 100 * gib }), 0);
    assertNear(total('aws', { egressBytes: 10_340 * gib }), 921.6);
    assertNear(total('aws', { egressBytes: 51_300 * gib }), 921.6 + 3_481.6);
    assertNear(total('aws', { egressBytes: 153_800 * gib }), 921.6 + 3_481.6 + 7_168 + 5);
    assertNear(total('aws', { coreHours: 2 * 730, gibibyteHours: 4 * 730 }), 59.1008 + 12.9794);
  });

  test('Google Cloud: traffic in all four tiers, and a machine of two cores and 8 GiB', () => {
    assertNear(total('google-cloud', { egressBytes: gib }), 0);
    assertNear(total('google-cloud', { egressBytes: 1_024 * gib }), 122.76);
    assertNear(total('google-cloud', { egressBytes: 10_340 * gib }), 122.76 + 1_013.76 + 8);
    assertNear(total('google-cloud', { coreHours: 2, gibibyteHours: 8 }), 0.06701142);
  });
});
