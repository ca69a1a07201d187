import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { UsageError } from '../../../text/usage-error.ts';
import { readPrices } from './price-form.ts';

/** A list of six lines with one item: a test's own items start at line 7. */
const least = `name: ours
source: our contract
asOf: 2026-01-31
currency: EUR
items:
  - {unit: core-hour, price: 0.05}
`;

const json = `{
  "name": "ours",
  "source": "our contract",
  "asOf": "2026-01-31",
  "currency": "EUR",
  "items": [{ "unit": "core-hour", "price": 0.05 }]
}
`;

function complaintAbout(text: string): string {
  try {
    readPrices(text, 'F');
  } catch (error) {
    assert.ok(error instanceof UsageError, `${error}`);
    assert.doesNotMatch(error.message, /\p{Cc}/u, 'one line without control characters');
    return error.message;
  }
  return assert.fail('nothing was refused');
}

test('YAML and JSON give the same list', () => {
  const list = {
    name: 'ours',
    source: 'our contract',
    asOf: '2026-01-31',
    currency: 'EUR',
    items: [{ unit: 'core-hour', price: 0.05 }],
  };
  assert.deepEqual(readPrices(least, 'F'), list);
  assert.deepEqual(readPrices(json, 'F'), list);
});

test('reads every field, and folded text as one line', () => {
  const text = `${least}  - unit: message-million
    meteredBytes: 32768
    tiers: [{upTo: 10, price: 0}, {upTo: 20.5, price: 2}]
    price: 1
note: >
  Two lines
  become one.
`;
  const { note, items } = readPrices(text, 'F');
  assert.equal(note, 'Two lines become one.');
  const tiers = [
    { upTo: 10, price: 0 },
    { upTo: 20.5, price: 2 },
  ];
  assert.deepEqual(items[1], { unit: 'message-million', meteredBytes: 32_768, tiers, price: 1 });
});

const units =
  'egress-gigabyte, egress-gibibyte, message-million, request-million, connection-minute-million, core-hour or gibibyte-hour';
const fields = 'name, source, asOf, currency, note or items';
const money = 'an amount of money from 0 to 1000000';
const allFields = 'fields: name, source, asOf, currency and items';
const line = 'without control characters or marks that hide or reorder text';
const tiered = (tiers: string) => `${least}  - {unit: egress-gigabyte, price: 1, tiers: ${tiers}}\n`;

/** Content of the file, and the complete error message. */
const refused: Readonly<Record<string, readonly [text: string, complaint: string]>> = {
  'an unknown unit in YAML': [
    least.replace('core-hour', 'core-hours'),
    `F:6:12: items.0.unit: "core-hours" is unknown (did you mean core-hour?); give ${units}`,
  ],
  'an unknown unit in JSON': [
    json.replace('core-hour', 'core-huor'),
    `F:6:23: items.0.unit: "core-huor" is unknown (did you mean core-hour?); give ${units}`,
  ],
  'a unit like no other': [
    least.replace('core-hour', 'bananas'),
    `F:6:12: items.0.unit: "bananas" is unknown; give ${units}`,
  ],
  'no unit': [least.replace('unit: core-hour, ', ''), `F:6:5: items.0.unit: is missing; give ${units}`],
  'a negative price': [least.replace('0.05', '-0.05'), `F:6:30: items.0.price: "-0.05" is not allowed; give ${money}`],
  'a price in words': [least.replace('0.05', '$1'), `F:6:30: items.0.price: "$1" is not allowed; give ${money}`],
  'a price without end': [
    least.replace('0.05', '.inf'),
    `F:6:30: items.0.price: "Infinity" is not allowed; give ${money}`,
  ],
  'no price': [least.replace(', price: 0.05', ''), `F:6:5: items.0.price: is missing; give ${money}`],
  'no currency': [
    json.replace(/ *"currency".*\n/, ''),
    'F:1:1: currency: is missing; give three capital letters such as USD',
  ],
  'a sign for the currency': [
    least.replace('EUR', '€'),
    'F:4:11: currency: "€" is not allowed; give three capital letters such as USD',
  ],
  'a day that is none': [
    least.replace('01-31', '02-30'),
    'F:3:7: asOf: "2026-02-30" is not allowed; give a day such as 2026-09-20',
  ],
  'a name that runs backwards': [
    least.replace('ours', 'a\u202eb'),
    `F:1:7: name: "a\\u202eb" is not allowed; give 1 to 120 characters, ${line}`,
  ],
  'a source that is too long': [
    least.replace('our contract', 'x'.repeat(301)),
    `F:2:9: source: "${'x'.repeat(60)}…" is not allowed; give 1 to 300 characters, ${line}`,
  ],
  'a note that is too long': [
    `${least}note: ${'x'.repeat(1_001)}`,
    `F:7:7: note: "${'x'.repeat(60)}…" is not allowed; give 1 to 1000 characters, ${line}`,
  ],
  'an unknown field': [
    least.replace('currency', 'curency'),
    `F:4:1: "curency" is unknown (did you mean currency?); give ${fields}`,
  ],
  'an unknown field of a price': [
    least.replace('price', 'prise'),
    'F:6:23: items.0: "prise" is unknown (did you mean price?); give unit, price, meteredBytes or tiers',
  ],
  'an unknown field of a tier': [
    tiered('[{upto: 1, price: 1}]'),
    'F:7:48: items.1.tiers.0: "upto" is unknown (did you mean upTo?); give upTo or price',
  ],
  'the same unit twice': [
    `${least}  - {unit: core-hour, price: 0.05}\n`,
    'F:7:12: items.1.unit: "core-hour" stands twice; give one price for it',
  ],
  'the same traffic in two units': [
    `${tiered('[{upTo: 1, price: 1}]')}  - {unit: egress-gibibyte, price: 1}\n`,
    'F:8:12: items.2.unit: "egress-gibibyte" prices the same as egress-gigabyte above; give one price for it',
  ],
  'tiers in disorder': [
    tiered('[{upTo: 2, price: 1}, {upTo: 1, price: 1}]'),
    'F:7:75: items.1.tiers.1.upTo: "1" does not end above the tier before it; give more than 2',
  ],
  'a tier that ends where the one before it ends': [
    tiered('[{upTo: 2, price: 1}, {upTo: 2, price: 1}]'),
    'F:7:75: items.1.tiers.1.upTo: "2" does not end above the tier before it; give more than 2',
  ],
  'a tier of nothing': [
    tiered('[{upTo: 0, price: 1}]'),
    'F:7:54: items.1.tiers.0.upTo: "0" is not allowed; give units a month, more than 0 and at most 1000000000000',
  ],
  'a tier with a negative price': [
    tiered('[{upTo: 1, price: -1}]'),
    `F:7:64: items.1.tiers.0.price: "-1" is not allowed; give ${money}`,
  ],
  'no tier': [tiered('[]'), 'F:7:46: items.1.tiers: a list is not allowed; give 1 to 20 tiers'],
  'blocks of hours': [
    least.replace('}', ', meteredBytes: 1}'),
    'F:6:50: items.0.meteredBytes: "1" does not apply to core-hour; give it for message-million or request-million',
  ],
  'blocks of no bytes': [
    `${least}  - {unit: message-million, price: 1, meteredBytes: 0}\n`,
    'F:7:53: items.1.meteredBytes: "0" is not allowed; give a whole number of bytes from 1 to 1000000000',
  ],
  'no prices': [
    least.replace(/items:\n.*\n/, 'items: []'),
    'F:5:8: items: a list is not allowed; give 1 to 7 prices, each with unit and price',
  ],
  'a field twice': [`${least}name: theirs`, 'F:7:1: this field stands twice; give each field once'],
  'two lists': [`${least}---\n${least}`, 'F:7:1: a second document begins here; give one price list per file'],
  'nesting without end': [
    '['.repeat(60_000),
    'F:1:33: is nested too deeply; give a price list as analysis/model/prices/aws.json is one',
  ],
  'what is no YAML': ['{', 'F:1:2: is not valid YAML: Flow map must end with a }'],
  'an empty file': ['', `F:1:1: nothing is not allowed; give ${allFields}`],
  'a list': ['- 1', `F:1:1: a list is not allowed; give ${allFields}`],
};

describe('a bad list is refused with one line: file, line, column, what is allowed', () => {
  for (const [what, [text, complaint]] of Object.entries(refused)) {
    test(what, () => assert.equal(complaintAbout(text), complaint));
  }
});
