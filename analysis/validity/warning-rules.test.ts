import assert from 'node:assert/strict';
import { test } from 'node:test';
import { warningRules, warningsTable } from './warning-rules.ts';

test('the numbers of the rules are the thresholds', () => {
  const when = Object.entries(warningRules).flatMap(([code, rule]) => {
    const numbers = rule.when.match(/\d+(?:[.,]\d+)*%?/g) ?? [];
    return numbers.length > 0 ? [[code, numbers.join(' ')]] : [];
  });
  assert.deepEqual(Object.fromEntries(when), {
    saturated: '92% 90%',
    'core-full': '90%',
    'source-late': '90 10%',
    'relay-late': '90 10%',
    stalled: '10% 0.5',
    'packets-lost': '1%',
    'rate-missed': '99%',
    'polls-skipped': '1%',
    contradiction: '50 90 99 0.2%',
    'littles-law': '0.2%',
    'clock-uncertain': '10%',
    'bytes-disagree': '0.1%',
    noisy: '10% 1% 1.5',
    cold: '5 10,000',
    'few-updates': '1,000 99',
    drift: '50 5%',
    outlier: '10%',
    unsteady: '10%',
  });
});

test('the effect of each warning', () => {
  const byEffect = (wanted: string) =>
    Object.entries(warningRules).flatMap(([code, { effect }]) => (effect === wanted ? code : []));
  assert.deepEqual(byEffect('both'), ['saturated', 'bytes-disagree']);
  assert.deepEqual(byEffect('invalid'), [
    'ledger-broken',
    'nothing-happened',
    'source-late',
    'rate-missed',
    'contradiction',
    'littles-law',
    'clock-uncertain',
    'failed-trials',
    'invalid-trials',
  ]);
});

test('the table has a row for each, with its effect, when and why', () => {
  const [head, rule, ...rows] = warningsTable().split('\n');
  assert.deepEqual([head, rule], ['| warning | effect | when | why there |', '|:--|:--|:--|:--|']);
  assert.equal(rows.length, Object.keys(warningRules).length);
  assert.match(rows[2]!, /^\| `saturated` \| invalid or caution \| a core with load/);
  assert.equal(
    rows.find((row) => row.startsWith('| `failed-trials`')),
    '| `failed-trials` | invalid | any trial failed | a failure is a result too, and must not be passed over |',
  );
});
