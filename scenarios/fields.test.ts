import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultLimits } from '../protocol/limits.ts';
import { scenarios } from './catalogue/catalogue.ts';
import { changedScenario, defineScenario, fieldValue, keysOf } from './define-scenario.ts';
import type { FieldOption, OptionRow } from './field.ts';
import { type FieldRow, optionKey, optionName, scenarioFields, timeFields } from './fields.ts';

const rows: readonly (readonly [string, FieldRow])[] = Object.entries({ ...scenarioFields, ...timeFields });
const least = {
  name: 'least',
  title: 'Least',
  summary: 'As little as can be said.',
  clients: 3,
  arrivals: { kind: 'constant', perSecond: 1 },
  payload: { kind: 'notice', bytes: 100 },
} as const;

test('each default lies within its own range', () => {
  for (const [key, row] of rows) {
    if (!('default' in row) || row.default === undefined) continue;
    if ('range' in row) assert.ok(row.default >= row.range[0] && row.default <= row.range[1], key);
    if ('words' in row)
      assert.ok(
        row.words.some((word) => word === row.default),
        key,
      );
  }
  assert.ok(scenarioFields.holdMs.range[1] <= defaultLimits.holdMs, 'servers cut longer holds');
});

test('millisecond fields end in Ms in code, and drop the suffix where files write the unit', () => {
  for (const [key, row] of rows) {
    if ('yaml' in row) assert.equal(key, `${row.yaml}Ms`);
    else assert.doesNotMatch(key, /Ms$/);
  }
});

/** What commander shows for a value of each kind; undefined: a switch. */
const shownAs: Readonly<Record<OptionRow['kind'], string | undefined>> = {
  count: '<number>',
  bytes: '<number>',
  rate: '<number>',
  milliseconds: '<number>',
  duration: '<duration>',
  choice: '<name>',
  file: '<file>',
  flag: undefined,
};

test('option names are unique and show the value they take', () => {
  const options = rows.flatMap(([, row]) =>
    (row.options ?? []).map((option: FieldOption) => ({ option, kind: option.part?.kind ?? row.kind })),
  );
  assert.equal(new Set(options.map(({ option }) => optionName(option.flags))).size, options.length);
  for (const { option, kind } of options) {
    assert.ok(kind in shownAs, `${option.flags} needs a part`);
    assert.equal(option.flags.split(' ')[1], shownAs[kind as OptionRow['kind']], option.flags);
  }
});

test('optionKey is the option’s name in camel case', () => {
  assert.equal(optionKey('--poll-interval <duration>'), 'pollInterval');
  assert.equal(optionKey('--hold <duration>'), 'hold');
});

test('a scenario gets defaults for absent fields, and its fields in the order of the rows', () => {
  const { holdMs, heartbeatMs, pollIntervalMs } = scenarioFields;
  assert.deepEqual(defineScenario(least), {
    ...least,
    channels: 1,
    origin: 'server',
    semantics: 'every',
    encoding: 'json',
    echo: false,
    pollIntervalMs: pollIntervalMs.default,
    holdMs: holdMs.default,
    heartbeatMs: heartbeatMs.default,
  });
  const extended = changedScenario(defineScenario({ holdMs: 500, ...least }), { pollCohortsMs: [100, 200] });
  for (const scenario of [extended, ...scenarios]) {
    const ordered = keysOf(scenarioFields).filter((key) => key in scenario);
    assert.deepEqual(Object.keys(scenario), ordered);
  }
  assert.equal(defineScenario({ ...least, holdMs: 500 }).holdMs, 500);
});

test('a new value removes the field it replaces, and no other', () => {
  const cohorts = defineScenario({ ...least, pollCohortsMs: [100, 200] });
  assert.equal(changedScenario(cohorts, { pollIntervalMs: 300 }).pollCohortsMs, undefined);
  assert.deepEqual(changedScenario(cohorts, { holdMs: 300 }), { ...cohorts, holdMs: 300 });
  const both = { pollIntervalMs: 300, pollCohortsMs: [1, 2] };
  assert.deepEqual(changedScenario(cohorts, both), { ...cohorts, ...both });
});

test('an absent field has its default value', () => {
  assert.equal(fieldValue({}, 'holdMs'), scenarioFields.holdMs.default);
  assert.equal(fieldValue({ holdMs: 5 }, 'holdMs'), 5);
  assert.equal(fieldValue({ echo: false }, 'echo'), false);
  assert.equal(fieldValue({}, 'inputs'), undefined);
});
