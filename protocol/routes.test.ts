import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as routes from './routes.ts';
import { BadQuery, integerField, parseSubscription, pathOf, publishUrl, queryOf, subscriptionUrl } from './routes.ts';

const channels = 1000;
const whole = fc.integer({ min: 0, max: 999_999_999_999_999 });
const subscription = fc.record(
  { channel: fc.nat(channels - 1), client: fc.nat(2 ** 31 - 1), after: whole, waitMs: whole },
  { requiredKeys: ['channel'], noNullPrototype: true },
);
const path = fc.constantFrom(routes.updatesPath, routes.eventsPath, routes.socketPath);

test('parses back a subscription written as a URL', () => {
  fc.assert(
    fc.property(path, subscription, (from, asked) => {
      const url = subscriptionUrl(from, asked);
      assert.equal(pathOf(url), from);
      assert.deepEqual(parseSubscription(url, channels), asked);
    }),
  );
});

test('URLs look as the contract says', () => {
  const all = { channel: 3, client: 9, after: 0, waitMs: 25_000 };
  assert.equal(subscriptionUrl('/updates', all), '/updates?channel=3&client=9&after=0&wait=25000');
  assert.equal(subscriptionUrl('/events', { channel: 0 }), '/events?channel=0');
  assert.equal(publishUrl(12), '/updates?client=12');
  assert.equal(integerField(queryOf(publishUrl(12)), 'client'), 12);
});

test('accepts a path without a query, or with an empty one', () => {
  assert.equal(pathOf('/updates'), '/updates');
  assert.equal(pathOf('/updates?'), '/updates');
  assert.equal(queryOf('/updates').get('channel'), null);
  assert.equal(integerField(queryOf('/updates?'), 'channel'), undefined);
});

test('accepts fields in any order and ignores unknown ones', () => {
  assert.deepEqual(parseSubscription('/events?x=1&after=4&channel=2&y', 3), { channel: 2, after: 4 });
});

const piece = fc.constantFrom('channel', 'after', 'a', '', 'channe', 'é', '1', '%20', '+', '=', '&', '&&');

test('a query has the fields that URLSearchParams finds in it', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom('channel', 'after', 'a'), (pieces, field) => {
      const text = pieces.join('');
      assert.equal(queryOf(`/updates?${text}`).get(field), new URLSearchParams(text).get(field), text);
    }),
    { numRuns: 2_000 },
  );
});

const refused: readonly (readonly [query: string, message: string])[] = [
  ['', 'channel: missing'],
  ['?after=1', 'channel: missing'],
  ['?channel=', 'channel: "" is not a whole number from 0 up'],
  ['?channel=-1', 'channel: "-1" is not a whole number from 0 up'],
  ['?channel=1.5', 'channel: "1.5" is not a whole number from 0 up'],
  ['?channel=1e1', 'channel: "1e1" is not a whole number from 0 up'],
  ['?channel=%201', 'channel: " 1" is not a whole number from 0 up'],
  ['?channel=10', 'channel: 10 is unknown, 0 to 9 exist'],
  ['?channel=1&after=x', 'after: "x" is not a whole number from 0 up'],
  ['?channel=1&wait=NaN', 'wait: "NaN" is not a whole number from 0 up'],
  ['?channel=1&client=2147483648', 'client: 2147483648 is above 2147483647'],
  ['?channel=1&client=9999999999999999', 'client: "9999999999999999" is not a whole number from 0 up'],
  [`?channel=${'7'.repeat(5000)}`, `channel: "${'7'.repeat(40)}" is not a whole number from 0 up`],
];

for (const [query, message] of refused) {
  test(`${JSON.stringify(query.slice(0, 40))} is refused: ${message}`, () => {
    assert.throws(() => parseSubscription(`/updates${query}`, 10), new BadQuery(message));
  });
}

test('the characters next to the digits are none', () => {
  for (const text of ['1/', '1:', '/1', ':1']) {
    assert.throws(() => integerField(queryOf(`/updates?channel=${text}`), 'channel'), BadQuery, text);
  }
});
